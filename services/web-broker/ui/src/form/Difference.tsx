// What an amendment changes, value by value.
import { t, useLanguage } from '../app/texts';
import { Empty, Panel, Table } from '../ui/parts';
import { changes } from './align';
import type { Definition } from './catalogue';
import { spoken } from './pointer';
import type { Tree } from './tree';

export function Difference({ definition, was, is }: { definition: Definition; was: Tree; is: Tree }) {
  return (
    <Panel title={t('difference.title')}>
      <Changes caption={t('difference.title')} definition={definition} was={was} is={is} />
    </Panel>
  );
}

/** Field by field under the names of the catalogue: what was said before, and what is said now. */
export function Changes({
  caption,
  definition,
  was,
  is,
  heads = [t('difference.was'), t('difference.is')],
}: {
  caption: string;
  definition: Definition;
  was: Tree;
  is: Tree;
  heads?: readonly [string, string];
}) {
  const language = useLanguage();
  const all = changes(definition, was, is);
  if (all.length === 0) return <Empty>{t('difference.none')}</Empty>;
  return (
    <Table caption={caption} heads={[t('difference.field'), ...heads]}>
      {all.map(({ path, was: old, is: now }, place) => (
        <tr key={`${place}-${path.join()}`} className="diff">
          <td>{spoken(definition, path, (element) => element.field.label[language])}</td>
          <td>
            <del>{old}</del>
          </td>
          <td>
            <ins>{now}</ins>
          </td>
        </tr>
      ))}
    </Table>
  );
}
