// Brings goods items from a table into the declaration, and reports line by line what could not be taken over.
import { useRef, useState } from 'react';
import { saveAs } from '../app/save';
import { currentLanguage, t } from '../app/texts';
import { Button, Notice } from '../ui/parts';
import type { Definition } from './catalogue';
import type { Form } from './context';
import { example, type Imported, importItems } from './csv';
import { groups, isEmpty, type Tree } from './tree';

const AT = ['Consignment', 'HouseConsignment', 0, 'ConsignmentItem'] as const;

export function ImportItems({
  definition,
  tree,
  set,
}: {
  definition: Definition;
  tree: Tree;
  set: Form['set'];
}) {
  const file = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState<Imported | null>(null);
  const bring = async (chosen: File | undefined) => {
    if (!chosen) return;
    const imported = await importItems(chosen, definition);
    if (imported.items.length > 0) {
      const there = groups(tree, AT).filter((item) => !isEmpty(item));
      set(AT, [...there, ...imported.items]);
    }
    setDone(imported);
    if (file.current) file.current.value = '';
  };
  return (
    <>
      <div className="tools">
        <Button onClick={() => file.current?.click()}>{t('import.items')}</Button>
        <Button
          kind="quiet"
          onClick={() => saveAs(example(definition, currentLanguage()), 'items.csv', 'text/csv')}
        >
          {t('import.sample')}
        </Button>
        <input
          ref={file}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          aria-label={t('import.items')}
          onChange={(event) => bring(event.target.files?.[0])}
        />
      </div>
      {done && (
        <Lines
          title={t('import.taken', { count: done.items.length })}
          lines={done.faults.map(({ line, text }) => t('import.line', { line, text }))}
          onClose={() => setDone(null)}
        />
      )}
    </>
  );
}

/** What an import has done, and every line that it could not take over. */
export function Lines({
  title,
  lines,
  onClose,
}: {
  title: string;
  lines: readonly string[];
  onClose: () => void;
}) {
  return (
    <Notice tone={lines.length > 0 ? 'warn' : 'good'} title={title}>
      {lines.length > 0 && (
        <>
          <p>{t('import.left', { count: lines.length })}</p>
          <ul>
            {lines.map((line, at) => (
              <li key={at}>{line}</li>
            ))}
          </ul>
        </>
      )}
      <p>
        <Button kind="quiet" onClick={onClose}>
          {t('close')}
        </Button>
      </p>
    </Notice>
  );
}
