// The address book and the catalogue of goods at a part of a form: fill it in from what the organisation keeps, or keep it.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { t, word } from '../app/texts';
import {
  DeleteTemplate,
  OneTemplate,
  SaveTemplate,
  type TemplateHeadParts,
  Templates,
} from '../generated/documents';
import { Button, Dialog, Empty, Notice, Refused, Table, TextField, Waiting } from '../ui/parts';
import type { Element } from './catalogue';
import { isAutomatic } from './complete';
import { useForm } from './context';
import { project } from './follow-up';
import { readPart, writePart } from './json';
import { isEmpty, type Path, pruned, type Tree, text } from './tree';

export type Kind = 'PARTY' | 'GOODS';

const PARTIES = new Set([
  'HolderOfTheTransitProcedure',
  'Representative',
  'Consignor',
  'Consignee',
  'Carrier',
  'TraderAtDestination',
]);

/** What is kept of a group of a message, if anything is. */
export function shelfOf(element: Element): Kind | null {
  if (PARTIES.has(element.field.name)) return 'PARTY';
  return element.field.name === 'ConsignmentItem' ? 'GOODS' : null;
}

/** How an entry is called until somebody calls it otherwise. */
function titleOf(kind: Kind, tree: Tree): string {
  const told =
    kind === 'GOODS'
      ? [text(tree, ['Commodity', 'descriptionOfGoods'])]
      : [text(tree, ['name']), text(tree, ['identificationNumber'])];
  return told.filter(Boolean).join(' · ').slice(0, 200);
}

export function Shelf({
  kind,
  element,
  path,
  tree,
}: {
  kind: Kind;
  element: Element;
  path: Path;
  tree: Tree | undefined;
}) {
  const { set, shelf } = useForm();
  const [open, setOpen] = useState(false);
  const [kept, setKept] = useState('');
  const action = useAction();
  if (!shelf) return null;
  const keep = () =>
    action.run(async () => {
      const content = writePart(element, bare(element, pruned(tree ?? {})));
      const title = titleOf(kind, tree ?? {}) || word('shelf', kind);
      await ask(SaveTemplate, { input: { kind, title, content } });
      setKept(title);
    });
  const choose = (content: string) => {
    const found = readPart(content);
    // What only this message says, such as its number in the list, stays.
    if (found) set(path, { ...tree, ...project(element, found) });
    setOpen(false);
  };
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {t('shelf.choose', { shelf: word('shelf', kind) })}
      </Button>
      {!isEmpty(tree) && (
        <Button kind="quiet" onClick={keep} busy={action.busy}>
          {t('shelf.keep', { shelf: word('shelf', kind) })}
        </Button>
      )}
      {kept && <Notice tone="good" title={t('shelf.kept', { title: kept })} />}
      <Refused refusal={action.refusal} />
      {open && <Entries kind={kind} onChoose={choose} onClose={() => setOpen(false)} />}
    </>
  );
}

/** The part without what the page fills in by itself. */
function bare(element: Element, tree: Tree): Tree {
  const out: Record<string, Tree[string]> = {};
  for (const child of element.children) {
    const value = tree[child.field.name];
    if (value === undefined || isAutomatic(child)) continue;
    if (typeof value === 'string') out[child.field.name] = value;
    else if (Array.isArray(value))
      out[child.field.name] = (value as readonly Tree[]).map((one) => bare(child, one));
    else out[child.field.name] = bare(child, value as Tree);
  }
  return out;
}

function Entries({
  kind,
  onChoose,
  onClose,
}: {
  kind: Kind;
  onChoose: (content: string) => void;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const { data, refusal, again } = useAsk(Templates, { kind, search: search || null, first: 50 });
  const action = useAction();
  const find = (event: FormEvent) => {
    event.preventDefault();
    setSearch(typed.trim());
  };
  const take = (entry: TemplateHeadParts) =>
    action.run(async () => {
      const { template } = await ask(OneTemplate, { id: entry.id });
      onChoose(template.content);
    });
  const drop = (entry: TemplateHeadParts) =>
    action.run(async () => {
      await ask(DeleteTemplate, { input: { id: entry.id } });
      await again();
    });
  const entries = data?.templates.edges.map(({ node }) => node) ?? [];
  return (
    <Dialog title={word('shelf', kind)} onClose={onClose}>
      <form className="plain" onSubmit={find} noValidate>
        <TextField label={t('shelf.search')} value={typed} onChange={setTyped} maxLength={200} />
        <div>
          <Button type="submit">{t('shelf.find')}</Button>
        </div>
      </form>
      <Refused refusal={refusal ?? action.refusal} />
      {!data && !refusal && <Waiting />}
      {data && entries.length === 0 && <Empty>{t('shelf.none')}</Empty>}
      {entries.length > 0 && (
        <Table caption={word('shelf', kind)} heads={[t('people.name'), '']}>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <Button kind="quiet" onClick={() => take(entry)} data-entry={entry.title}>
                  {entry.title}
                </Button>
              </td>
              <td>
                <Button
                  kind="quiet"
                  onClick={() => drop(entry)}
                  aria-label={`${t('shelf.drop')}: ${entry.title}`}
                >
                  {t('shelf.drop')}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Button onClick={onClose}>{t('close')}</Button>
    </Dialog>
  );
}
