// A draft: the tasks of the declaration, saved by itself, checked when one likes, signed and sent in the end.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ask, type Finding } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { personOf } from '../app/kept';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { t } from '../app/texts';
import { suggested } from '../form/begin';
import { type Definition, useDefinition } from '../form/catalogue';
import { uncounted } from '../form/complete';
import type { Form } from '../form/context';
import { without } from '../form/findings';
import { ImportItems, Lines } from '../form/ImportItems';
import { type Message, read } from '../form/json';
import { contentOf, type Local, localCopy, useKeeping } from '../form/keep';
import { type Held, useLock } from '../form/lock';
import { type Checked, MessageForm, Summary, Tasks, UNCHECKED } from '../form/MessageForm';
import { useNeeds } from '../form/needs';
import { originOf } from '../form/origin';
import { put, type Tree, text } from '../form/tree';
import { useFindingForm } from '../form/use-form';
import {
  CheckDraft,
  DeleteDraft,
  type DraftHeadParts,
  Movements,
  OpenDraft,
  SendDepartureMessage,
  SubmitDeclaration,
} from '../generated/documents';
import { Back, Button, Notice, PageWaiting, Refused, TextField, Title } from '../ui/parts';
import { importedOf } from './Desk';
import { DraftTools, Locked, SavedLine, Stale } from './DraftTools';
import { Review } from './Review';

export function DraftPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  const { data, refusal, again } = useAsk(OpenDraft, { id });
  // What is shown begins anew when the draft was read anew.
  const [round, setRound] = useState(0);
  const anew = useCallback(async () => {
    await again();
    setRound((before) => before + 1);
  }, [again]);
  const held = useLock(id, anew);
  const person = personOf(session);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the browser keeps is read anew as well
  const begin = useMemo(() => {
    if (!data) return null;
    const { head, content } = data.draft;
    const local = localCopy(person, head, content);
    const message = read(local?.content ?? content);
    return message && { head, local, message, stored: content };
  }, [data, person, round]);
  const found = useDefinition(begin?.message.type ?? null, begin?.message.phase ?? '6');
  if (refusal || found.refusal) {
    return (
      <>
        <Back href="/desk" to="nav.desk" />
        <Title>{t('draft.title')}</Title>
        <Refused refusal={refusal ?? found.refusal} again={again} />
      </>
    );
  }
  if (!begin || !found.definition) return <PageWaiting />;
  return (
    <Working
      key={`${begin.head.id}.${round}`}
      session={session}
      begin={begin}
      definition={found.definition}
      held={held}
      onAnew={anew}
    />
  );
}

/** Messages with goods items that a table may bring. */
const HAS_ITEMS = ['CC015C', 'CC013C'];

type WorkingProps = {
  session: Session;
  begin: { head: DraftHeadParts; local: Local | null; message: Message; stored: string };
  definition: Definition;
  held: Held | null;
  onAnew: () => Promise<void>;
};

function Working({ session, begin, definition, held, onAnew }: WorkingProps) {
  const { id } = begin.head;
  const person = personOf(session);
  const [tree, setTree] = useState(() => uncounted(begin.message.tree));
  const [told, setTold] = useState<readonly Finding[]>([]);
  const [checked, setChecked] = useState<Checked>(UNCHECKED);
  const [review, setReview] = useState(false);
  const action = useAction();
  const readOnly = held !== null;
  const latest = useRef(tree);
  latest.current = tree;
  const content = useCallback(
    () => contentOf(definition, latest.current, session.party),
    [definition, session.party],
  );
  const { local, stored } = begin;
  const kept = useKeeping({ person, begin: begin.head, local, stored, content, readOnly });
  const { head, saving, changed, flush } = kept;
  const restored = local !== null && local.version >= begin.head.version;
  useEffect(() => {
    if (restored) changed();
  }, [restored, changed]);
  const original = useOrigin(definition, latest.current, (errors) => {
    setTold(errors);
    setChecked((before) => ({ at: before.at + 1, valid: false }));
  });
  const set = useCallback<Form['set']>(
    (path, value) => {
      setTree((before) => {
        const next = put(before, path, value);
        return typeof value === 'string' ? suggested(next, path.join('.'), value) : next;
      });
      setChecked((before) => ({ ...before, valid: false }));
      setTold((before) => without(definition, before, path));
      changed();
    },
    [changed, definition],
  );
  const form = useFindingForm({ session, definition, told, readOnly, set });
  const needs = useNeeds(definition, tree, session.party);
  const check = () =>
    action.run(async () => {
      await flush();
      const { checkDraft } = await ask(CheckDraft, { input: { id } });
      const { errors, valid } = checkDraft.check;
      setTold(errors);
      setChecked((before) => ({ at: before.at + 1, valid }));
      if (valid) setReview(true);
    });
  const send = async (signed: { content: string; signature: string }) => {
    const movement = await deliver(definition, latest.current, signed);
    kept.discard();
    await ask(DeleteDraft, { input: { id, expectedVersion: head.version } }).catch(() => undefined);
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
            onDeleted={kept.discard}
          />
        }
      >
        {head.title}
      </Title>
      {held && <Locked held={held} />}
      <Imported id={id} />
      {restored && <Notice tone="busy" title={t('draft.restored')} />}
      <Stale
        saving={saving}
        definition={definition}
        tree={tree}
        id={id}
        onKeep={kept.overwrite}
        onTake={() => {
          kept.discard();
          return onAnew();
        }}
      />
      <Summary form={form} checked={checked} />
      <Refused refusal={action.refusal} />
      <div className="columns side">
        <div className="stack">
          <Tasks definition={definition} tree={tree} findings={form.findings} needs={needs} />
        </div>
        <div className="stack">
          <TextField
            label={t('draft.name')}
            hint={t('draft.name.hint')}
            value={head.title}
            onChange={kept.rename}
            maxLength={200}
          />
          {!readOnly && HAS_ITEMS.includes(definition.type) && (
            <ImportItems definition={definition} tree={tree} set={set} />
          )}
          <MessageForm form={form} tree={tree} needs={needs} />
          <div className="bar">
            <Button kind="main" onClick={check} busy={action.busy} disabled={readOnly}>
              {t('draft.check')}
            </Button>
            <SavedLine saving={saving} expiresAt={head.expiresAt} />
          </div>
        </div>
      </div>
    </>
  );
}

/** What the draft comes from, asked once it is open; errors of a refusal are told to `onErrors`. */
function useOrigin(
  definition: Definition,
  tree: Tree,
  onErrors: (errors: readonly Finding[]) => void,
): Tree | null {
  const [original, setOriginal] = useState<Tree | null>(null);
  const begin = useRef({ tree, onErrors });
  useEffect(() => {
    let over = false;
    originOf(definition, begin.current.tree).then(
      (origin) => {
        if (over) return;
        setOriginal(origin.original);
        if (origin.errors.length > 0) begin.current.onErrors(origin.errors);
      },
      // Without it the draft is as good as before; the check tells what is wrong.
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [definition]);
  return original;
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
