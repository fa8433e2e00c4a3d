// The participant's desk: drafts, what is under way, and how to begin.
import { useRef } from 'react';
import { ask, Refusal } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { useSoon } from '../app/calm';
import { useNotified } from '../app/desk';
import { go, Link } from '../app/router';
import type { Session } from '../app/session';
import { instant, money, t } from '../app/texts';
import { freshLrn, newDeclaration, titleOf } from '../form/begin';
import { definition } from '../form/catalogue';
import { read, strangers } from '../form/json';
import { contentOf } from '../form/keep';
import { put, type Tree } from '../form/tree';
import { CheckMessage, CopyDraft, Guarantees, Movements, SaveDraft } from '../generated/documents';
import { Button, Empty, Panel, Refused, State, Table, Title, Waiting } from '../ui/parts';
import { DeskTasks } from './DeskTasks';
import { DraftsPanel } from './Drafts';
import { Templates } from './Templates';

/** Keeps a message as a new draft and opens it. */
export async function openAsDraft(
  type: string,
  phase: '5' | '6',
  tree: Tree,
  sender: string,
): Promise<string> {
  const found = await definition(type, phase);
  const content = contentOf(found, tree, sender);
  const { saveDraft } = await ask(SaveDraft, {
    input: { kind: 'TRANSIT', title: titleOf(tree, type), content },
  });
  return saveDraft.draft.id;
}

/** Where the page keeps what a file had beside what its message knows. */
export const importedOf = (draft: string) => `ecustoms.import.${draft}`;

/** Why a file is no message: every fault of its structure, with its line. */
async function unreadable(content: string): Promise<Refusal> {
  const format = content.trimStart().startsWith('<') ? 'XML' : 'JSON';
  const { messageCheck } = await ask(CheckMessage, { input: { content, format } });
  const errors = messageCheck.errors.map((error) => ({
    ...error,
    message: error.line
      ? t('import.line', { line: `${error.line}:${error.column ?? 1}`, text: error.message })
      : error.message,
  }));
  return new Refusal(t('import.unreadable'), { code: 'import-unreadable', status: 400, errors });
}

export function DeskPage({ session }: { session: Session }) {
  const movements = useAsk(Movements, { first: 8 });
  const guarantees = useAsk(
    Guarantees,
    session.roles.includes('declarant') ? { first: 4, state: 'active' } : null,
  );
  const action = useAction();
  const file = useRef<HTMLInputElement>(null);
  useNotified(
    useSoon(() => {
      movements.again();
      guarantees.again();
    }),
  );
  const begin = () =>
    action.run(async () => {
      go(`/desk/drafts/${await openAsDraft('CC015C', '6', newDeclaration(session), session.party)}`);
    });
  const copy = (id: string) =>
    action.run(async () => {
      const { copyDraft } = await ask(CopyDraft, { input: { id } });
      const opened = copyDraft.draft.id;
      go(`/desk/drafts/${opened}`);
    });
  const bring = (chosen: File | undefined) =>
    chosen &&
    action.run(async () => {
      const content = await chosen.text();
      const message = content.trimStart().startsWith('<')
        ? await (await import('../form/xml')).readXml(content)
        : read(content);
      if (!message) throw await unreadable(content);
      const tree =
        message.type === 'CC015C' ? put(message.tree, ['TransitOperation', 'LRN'], freshLrn()) : message.tree;
      const { root } = await definition(message.type, message.phase);
      const draft = await openAsDraft(message.type, message.phase, tree, session.party);
      const unknown = strangers(root, message.tree);
      if (unknown.length > 0) sessionStorage.setItem(importedOf(draft), JSON.stringify(unknown));
      go(`/desk/drafts/${draft}`);
    });
  return (
    <>
      <Title
        tools={
          <>
            <Button kind="main" onClick={begin} busy={action.busy}>
              {t('desk.new')}
            </Button>
            <Button onClick={() => file.current?.click()}>{t('desk.import')}</Button>
            <input
              ref={file}
              type="file"
              hidden
              accept=".json,.xml,application/json,application/xml"
              aria-label={t('desk.import')}
              onChange={(event) => bring(event.target.files?.[0])}
            />
          </>
        }
      >
        {t('nav.desk')}
      </Title>
      <Refused refusal={action.refusal} />
      {guarantees.data && guarantees.data.guarantees.edges.length > 0 && (
        <div className="tiles">
          {guarantees.data.guarantees.edges.map(({ node }) => (
            <div className="tile" key={node.id}>
              <div className="small">{t('guarantee.available')}</div>
              <div className="figure">{money(node.available)}</div>
              <Link href={`/desk/guarantees/${node.grn ?? node.id}`}>{node.grn ?? node.id}</Link>
            </div>
          ))}
        </div>
      )}
      <DeskTasks
        left={
          <>
            <DraftsPanel busy={action.busy} onCopy={copy} />
            <Templates session={session} />
          </>
        }
        right={
          <Panel title={t('desk.under-way')} tools={<Link href="/desk/movements">{t('desk.all')}</Link>}>
            <Refused refusal={movements.refusal} again={movements.again} />
            {!movements.data && !movements.refusal && <Waiting />}
            {movements.data?.movements.edges.length === 0 && <Empty>{t('movements.none')}</Empty>}
            {movements.data && movements.data.movements.edges.length > 0 && (
              <Table
                caption={t('desk.under-way')}
                heads={[t('movement.number'), t('movement.state'), t('movement.changed')]}
              >
                {movements.data.movements.edges.map(({ node }) => (
                  <tr key={node.id}>
                    <td>
                      <Link href={`/desk/movements/${node.id}`}>{node.mrn ?? node.lrn}</Link>
                      <div className="small">
                        {node.departureOffice} → {node.destinationOffice}
                      </div>
                    </td>
                    <td>
                      <State name={node.state} />
                    </td>
                    <td>{instant(node.changedAt)}</td>
                  </tr>
                ))}
              </Table>
            )}
          </Panel>
        }
      />
    </>
  );
}
