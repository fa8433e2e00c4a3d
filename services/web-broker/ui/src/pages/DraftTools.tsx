// What stands around a draft: whether it is saved, who else has it open or may go on with it, and its end.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { ago, clock, instant, t } from '../app/texts';
import type { Definition } from '../form/catalogue';
import { uncounted } from '../form/complete';
import { Changes } from '../form/Difference';
import { read } from '../form/json';
import type { Saving } from '../form/keep';
import type { Held } from '../form/lock';
import type { Tree } from '../form/tree';
import {
  DeleteDraft,
  type DraftHeadParts,
  HandOverDraft,
  OpenDraft,
  People,
  SaveTemplate,
} from '../generated/documents';
import { Confirm } from '../ui/Confirm';
import { Button, Notice, Refused } from '../ui/parts';

/** Hands a draft over, or deletes it. */
export function DraftTools({
  head,
  session,
  content,
  declares,
  onHandOver,
  onDeleted,
}: {
  head: DraftHeadParts;
  session: Session;
  content: () => string;
  /** Whether it is a declaration, which may be kept as a template. */
  declares: boolean;
  onHandOver: () => Promise<number>;
  onDeleted: () => void;
}) {
  const action = useAction();
  const people = useAsk(People, { first: 100 });
  const [to, setTo] = useState('');
  const [kept, setKept] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const others = people.data?.people.edges.flatMap(({ node }) =>
    node.active &&
    node.personId !== session.subject &&
    node.roles.some((role) => role === 'DECLARANT' || role === 'BROKER')
      ? [node]
      : [],
  );
  const remove = async () => {
    const gone = await action.run(async () => {
      await ask(DeleteDraft, { input: { id: head.id, expectedVersion: head.version } });
      onDeleted();
      go('/desk');
    });
    if (!gone) setDeleting(false);
  };
  const keep = () =>
    action.run(async () => {
      await ask(SaveTemplate, { input: { kind: 'DECLARATION', title: head.title, content: content() } });
      setKept(true);
    });
  const handOver = () =>
    action.run(async () => {
      const expectedVersion = await onHandOver();
      await ask(HandOverDraft, { input: { id: head.id, expectedVersion, toPersonId: to } });
      go('/desk');
    });
  return (
    <>
      <Refused refusal={action.refusal} />
      {others && others.length > 0 && (
        <>
          <select
            aria-label={t('draft.hand-over.to')}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          >
            <option value="">{t('draft.hand-over.to')}</option>
            {others.map(({ personId, name }) => (
              <option key={personId} value={personId}>
                {name}
              </option>
            ))}
          </select>
          <Button onClick={handOver} busy={action.busy} disabled={!to}>
            {t('draft.hand-over')}
          </Button>
        </>
      )}
      {kept && <span role="status">{t('templates.kept')}</span>}
      {declares && !kept && (
        <Button kind="quiet" onClick={keep} busy={action.busy}>
          {t('templates.keep')}
        </Button>
      )}
      <Button kind="quiet" onClick={() => setDeleting(true)}>
        {t('draft.delete')}
      </Button>
      {deleting && (
        <Confirm
          title={t('draft.delete.sure')}
          words={t('draft.delete.words', { title: head.title })}
          action={t('draft.delete')}
          danger
          busy={action.busy}
          onConfirm={remove}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}

/** Whether what was entered is saved, and until when it is kept. */
export function SavedLine({ saving, expiresAt }: { saving: Saving; expiresAt: string }) {
  const words = {
    saved: saving.at ? t('saving.saved', { at: clock(saving.at.toISOString()) }) : '',
    waiting: t('saving.waiting'),
    saving: t('saving.saving'),
    local: t('saving.local'),
    stale: t('saving.stale'),
  };
  return (
    <>
      <span className="saved" role="status">
        {words[saving.state]}
      </span>
      <span className="small">{t('draft.kept-until', { at: instant(expiresAt), ago: ago(expiresAt) })}</span>
    </>
  );
}

/** Says which colleague has the draft open. */
export function Locked({ held }: { held: Held }) {
  const name = held.name || t('draft.locked.somebody');
  return (
    <Notice tone="warn" title={t('draft.locked', { name })}>
      <p>{held.until ? t('draft.locked.until', { at: clock(held.until) }) : t('draft.locked.wait')}</p>
    </Notice>
  );
}

/** Says that somebody else has saved a newer version, shows what differs, and asks which counts. */
export function Stale({
  saving,
  definition,
  tree,
  id,
  onKeep,
  onTake,
}: {
  saving: Saving;
  definition: Definition;
  tree: Tree;
  id: string;
  onKeep: (version: number) => Promise<void>;
  onTake: () => Promise<void>;
}) {
  const [saved, setSaved] = useState<Tree | null>(null);
  const action = useAction();
  if (saving.state !== 'stale') return null;
  const newest = async () => (await ask(OpenDraft, { id })).draft;
  const compare = () =>
    action.run(async () => {
      const { content } = await newest();
      setSaved(uncounted(read(content)?.tree ?? {}));
    });
  const keep = () => action.run(async () => onKeep((await newest()).head.version));
  return (
    <Notice tone="warn" title={t('saving.stale')}>
      <p>{t('saving.stale.words')}</p>
      <Refused refusal={action.refusal} />
      <p className="tools">
        <Button onClick={compare} busy={action.busy}>
          {t('saving.compare')}
        </Button>
        <Button onClick={keep} busy={action.busy}>
          {t('saving.keep')}
        </Button>
        <Button onClick={() => action.run(onTake)} busy={action.busy}>
          {t('saving.drop')}
        </Button>
      </p>
      {saved && (
        <Changes
          caption={t('saving.compare')}
          definition={definition}
          was={saved}
          is={tree}
          heads={[t('saving.theirs'), t('saving.mine')]}
        />
      )}
    </Notice>
  );
}
