// A draft: the tasks of the declaration, saved by itself, checked when one likes, signed and sent in the end.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ask } from '../api/graphql';
import { asRefusal, useAction, useAsk } from '../api/use';
import { mayDeclare } from '../app/areas';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { money, t } from '../app/texts';
import { suggested } from '../form/begin';
import { type Definition, type Element, useDefinition } from '../form/catalogue';
import { uncounted } from '../form/complete';
import type { Form } from '../form/context';
import { originalOf } from '../form/Difference';
import { type Findings, NONE, placed } from '../form/findings';
import { ImportItems, Lines } from '../form/ImportItems';
import { type Message, read } from '../form/json';
import { contentOf, forget, localCopy, useKeeping } from '../form/keep';
import { MessageForm, Summary, Tasks } from '../form/MessageForm';
import { idOf } from '../form/pointer';
import { put, type Tree, text } from '../form/tree';
import {
  CheckDraft,
  DeleteDraft,
  type DraftHeadParts,
  Guarantees,
  LockDraft,
  Movements,
  OpenDraft,
  SendDepartureMessage,
  SubmitDeclaration,
  UnlockDraft,
} from '../generated/documents';
import { Back, Button, Notice, PageWaiting, Refused, TextField, Title } from '../ui/parts';
import { importedOf } from './Desk';
import { DraftTools, SavedLine, Stale } from './DraftTools';
import { Review } from './Review';

export function DraftPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const { data, refusal, again } = useAsk(OpenDraft, { id: parts.id ?? '' });
  const message = useMemo(() => {
    if (!data) return null;
    const { head, content } = data.draft;
    return read(localCopy(head, content) ?? content);
  }, [data]);
  const found = useDefinition(message?.type ?? null, message?.phase ?? '6');
  if (refusal || found.refusal) {
    return (
      <>
        <Back href="/desk" to="nav.desk" />
        <Title>{t('draft.title')}</Title>
        <Refused refusal={refusal ?? found.refusal} again={again} />
      </>
    );
  }
  if (!data || !message || !found.definition) return <PageWaiting />;
  return (
    <Working
      key={data.draft.head.id}
      session={session}
      head={data.draft.head}
      message={message}
      definition={found.definition}
      stored={data.draft.content}
    />
  );
}

/** Messages with goods items that a table may bring. */
const HAS_ITEMS = ['CC015C', 'CC013C'];

type WorkingProps = {
  session: Session;
  head: DraftHeadParts;
  message: Message;
  definition: Definition;
  stored: string;
};

function Working({ session, head: begin, message, definition, stored }: WorkingProps) {
  const [tree, setTree] = useState(() => uncounted(message.tree));
  const [findings, setFindings] = useState<Findings>(() => pending(begin.id, definition));
  const [checked, setChecked] = useState(false);
  const [review, setReview] = useState(false);
  const [locked, setLocked] = useState('');
  const action = useAction();
  const latest = useRef(tree);
  latest.current = tree;
  const content = useCallback(
    () => contentOf(definition, latest.current, session.party),
    [definition, session.party],
  );
  const { head, saving, changed, flush, rename, overwrite } = useKeeping(
    begin,
    stored,
    content,
    locked !== '',
  );
  const original = useMemo(() => {
    const kept = read(sessionStorage.getItem(originalOf(begin.id)) ?? '')?.tree;
    return kept ? uncounted(kept) : null;
  }, [begin.id]);
  const restored = useMemo(() => localCopy(begin, stored) !== null, [begin, stored]);
  useEffect(() => {
    if (restored) changed();
  }, [restored, changed]);
  useLock(begin.id, setLocked);

  const set = useCallback<Form['set']>(
    (path, value) => {
      setTree((before) => {
        const next = put(before, path, value);
        return typeof value === 'string' ? suggested(next, path.join('.'), value) : next;
      });
      setChecked(false);
      setFindings((before) => {
        // What was changed is not wrong any more until it is checked again.
        const id = idOf(path);
        const next = new Map([...before].filter(([key]) => key !== id && !key.startsWith(`${id}.`)));
        return next.size === before.size ? before : next;
      });
      changed();
    },
    [changed],
  );
  const offers = useGuarantees(session);
  const form = useMemo<Form>(
    () => ({ definition, findings, readOnly: locked !== '', set, shelf: mayDeclare(session), offers }),
    [definition, findings, locked, set, session, offers],
  );
  const check = () =>
    action.run(async () => {
      await flush();
      const { checkDraft } = await ask(CheckDraft, { input: { id: begin.id } });
      setFindings(placed(definition, checkDraft.check.errors));
      setChecked(checkDraft.check.valid);
      if (checkDraft.check.valid) setReview(true);
    });
  const send = async (signed: { content: string; signature: string }) => {
    const movement = await deliver(definition, latest.current, signed);
    forget(begin.id);
    await ask(DeleteDraft, { input: { id: begin.id, expectedVersion: head.version } }).catch(() => undefined);
    go(`/desk/movements/${movement}`, 'replace');
  };
  if (review) {
    return (
      <Review
        definition={definition}
        tree={tree}
        session={session}
        title={head.title}
        original={original}
        onBack={() => setReview(false)}
        onSend={send}
      />
    );
  }
  return (
    <>
      <Back href="/desk" to="nav.desk" />
      <Title
        tools={
          <DraftTools
            head={head}
            session={session}
            content={content}
            declares={definition.type === 'CC015C'}
            onHandOver={flush}
          />
        }
      >
        {head.title}
      </Title>
      {locked && <Notice tone="warn" title={t('draft.locked', { name: locked })} />}
      <Imported id={begin.id} />
      {restored && <Notice tone="busy" title={t('draft.restored')} />}
      <Stale saving={saving} id={begin.id} onOverwrite={overwrite} />
      <Summary findings={findings} checked={checked} />
      <Refused refusal={action.refusal} />
      <div className="columns side">
        <div className="stack">
          <Tasks definition={definition} tree={tree} findings={findings} />
        </div>
        <div className="stack">
          <TextField
            label={t('draft.name')}
            hint={t('draft.name.hint')}
            value={head.title}
            onChange={rename}
            maxLength={200}
          />
          {locked === '' && HAS_ITEMS.includes(definition.type) && (
            <ImportItems definition={definition} tree={tree} set={set} />
          )}
          <MessageForm form={form} tree={tree} />
          <div className="bar">
            <Button kind="main" onClick={check} busy={action.busy} disabled={locked !== ''}>
              {t('draft.check')}
            </Button>
            <SavedLine saving={saving} />
          </div>
        </div>
      </div>
    </>
  );
}

/** What the file of which the draft was made had beside what the message knows. */
function Imported({ id }: { id: string }) {
  const [lines, setLines] = useState<readonly string[]>(() =>
    JSON.parse(sessionStorage.getItem(importedOf(id)) ?? '[]'),
  );
  if (lines.length === 0) return null;
  const close = () => {
    sessionStorage.removeItem(importedOf(id));
    setLines([]);
  };
  return <Lines title={t('import.strangers')} lines={lines} onClose={close} />;
}

/** Errors that customs has told of a message before this draft was made of it. */
function pending(id: string, definition: Definition): Findings {
  const kept = sessionStorage.getItem(`ecustoms.findings.${id}`);
  return kept ? placed(definition, JSON.parse(kept)) : NONE;
}

/** Sends the signed message where it belongs, and tells the movement. */
async function deliver(
  definition: Definition,
  tree: Tree,
  signed: { content: string; signature: string },
): Promise<string> {
  const { content, signature } = signed;
  if (definition.type === 'CC015C') {
    const { submitDeclaration } = await ask(SubmitDeclaration, {
      input: { content, signature, format: 'JSON' },
    });
    return submitDeclaration.submitted.movement;
  }
  const mrn = text(tree, ['TransitOperation', 'MRN']);
  const lrn = text(tree, ['TransitOperation', 'LRN']);
  const { movements } = await ask(Movements, mrn ? { mrn, first: 1 } : { lrn, first: 1 });
  const movement = movements.edges[0]?.node.id ?? '';
  await ask(SendDepartureMessage, { input: { movement, content, signature, format: 'JSON' } });
  return movement;
}

function useLock(id: string, tell: (name: string) => void): void {
  useEffect(() => {
    let over = false;
    const lock = () =>
      ask(LockDraft, { input: { id } }).then(
        () => !over && tell(''),
        (error) => {
          const refusal = asRefusal(error);
          if (!over && refusal.code === 'draft-locked') tell(refusal.message || '…');
        },
      );
    lock();
    const timer = setInterval(lock, 45_000);
    return () => {
      over = true;
      clearInterval(timer);
      ask(UnlockDraft, { input: { id } }).catch(() => undefined);
    };
  }, [id, tell]);
}

/** One's own guarantees, offered where a GRN is asked for. */
function useGuarantees(session: Session): Form['offers'] {
  const { data } = useAsk(
    Guarantees,
    session.roles.includes('declarant') ? { first: 50, state: 'active' } : null,
  );
  return useCallback(
    (element: Element) => {
      if (element.field.name !== 'GRN' || !data) return null;
      return async (typed: string) =>
        data.guarantees.edges.flatMap(({ node }) =>
          node.grn?.startsWith(typed.trim())
            ? [{ code: node.grn, name: `${t('guarantee.available')}: ${money(node.available)}` }]
            : [],
        );
    },
    [data],
  );
}
