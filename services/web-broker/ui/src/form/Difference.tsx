// What an amendment changes, value by value.
import { t, useLanguage } from '../app/texts';
import { Empty, Panel, Table } from '../ui/parts';
import { aligned } from './align';
import type { Definition, Element } from './catalogue';
import { isAutomatic } from './complete';
import { spoken } from './pointer';
import type { Path, Tree, Value } from './tree';

export type Change = { path: Path; was: string; is: string };

/** The values in which `is` differs from `was`, but for those that the page fills in; occurrences are compared with their own like. */
export function changes(definition: Definition, was: Tree, is: Tree): Change[] {
  const found: Change[] = [];
  const walk = (element: Element, before: Tree, after: Tree, path: Path) => {
    for (const child of element.children) {
      const { name, group, max } = child.field;
      const [one, other] = [before[name], after[name]];
      if (!group) {
        const [old, now] = [typeof one === 'string' ? one : '', typeof other === 'string' ? other : ''];
        if (old !== now && !isAutomatic(child)) found.push({ path: [...path, name], was: old, is: now });
        continue;
      }
      const [olds, nows] = [listed(one), listed(other)];
      for (const pair of aligned(child, olds, nows)) {
        const here = max > 1 ? [...path, name, pair.is ?? pair.was ?? 0] : [...path, name];
        walk(child, olds[pair.was ?? -1] ?? {}, nows[pair.is ?? -1] ?? {}, here);
      }
    }
  };
  walk(definition.root, was, is, []);
  return found;
}

function listed(value: Value | undefined): readonly Tree[] {
  if (value === undefined || typeof value === 'string') return [];
  return (Array.isArray(value) ? value : [value]) as readonly Tree[];
}

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
