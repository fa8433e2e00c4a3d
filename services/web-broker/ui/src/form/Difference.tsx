// What an amendment changes, value by value.
import { t, useLanguage } from '../app/texts';
import { Empty, Panel, Table } from '../ui/parts';
import { changes } from './align';
import type { Definition } from './catalogue';
import { spoken } from './pointer';
import type { Path, Tree } from './tree';

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
            <del>{said(definition, path, old)}</del>
          </td>
          <td>
            <ins>{said(definition, path, now)}</ins>
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** A value as a person reads it: yes and no are words. */
function said(definition: Definition, path: Path, value: string): string {
  const way = path.filter((part) => typeof part === 'string').join('/');
  const flag = definition.byPath.get(way)?.field.format?.kind === 'flag';
  return flag && value ? t(value === '1' ? 'yes' : 'no') : value;
}
