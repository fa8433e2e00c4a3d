// Templates of whole declarations at the desk: begin with one, or throw it away.
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { instant, t } from '../app/texts';
import { freshLrn } from '../form/begin';
import { read } from '../form/json';
import { put } from '../form/tree';
import { Templates as AskTemplates, DeleteTemplate, OneTemplate } from '../generated/documents';
import { Button, More, Panel, Refused, Table } from '../ui/parts';
import { openAsDraft } from './Desk';

/** Nothing where the organisation keeps no template. */
export function Templates({ session }: { session: Session }) {
  const list = usePages(AskTemplates, { kind: 'DECLARATION', first: 20 }, ({ templates }) =>
    partOf(templates),
  );
  const { nodes, again } = list;
  const action = useAction();
  if (!nodes?.length) return null;
  const begin = (id: string) =>
    action.run(async () => {
      const { template } = await ask(OneTemplate, { id });
      const message = read(template.content);
      if (!message) throw new Error(t('import.unreadable'));
      const tree = put(message.tree, ['TransitOperation', 'LRN'], freshLrn());
      go(`/desk/drafts/${await openAsDraft(message.type, message.phase, tree, session.party)}`);
    });
  const drop = (id: string) =>
    action.run(async () => {
      await ask(DeleteTemplate, { input: { id } });
      await again();
    });
  return (
    <Panel title={t('templates.title')}>
      <Refused refusal={action.refusal} />
      <Table caption={t('templates.title')} heads={[t('draft.name'), t('draft.saved'), '']}>
        {nodes.map((node) => (
          <tr key={node.id}>
            <td>{node.title}</td>
            <td>{instant(node.savedAt)}</td>
            <td className="tools">
              <Button
                kind="quiet"
                busy={action.busy}
                aria-label={`${t('templates.begin')}: ${node.title}`}
                onClick={() => begin(node.id)}
              >
                {t('templates.begin')}
              </Button>
              <Button
                kind="quiet"
                aria-label={`${t('shelf.drop')}: ${node.title}`}
                onClick={() => drop(node.id)}
              >
                {t('shelf.drop')}
              </Button>
            </td>
          </tr>
        ))}
      </Table>
      <More page={list.page} onMore={list.more} />
    </Panel>
  );
}
