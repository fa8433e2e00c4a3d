// What stands around a draft: whether it is saved, who else may go on with it, and its end.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { clock, t } from '../app/texts';
import { forget, type Saving } from '../form/keep';
import {
  DeleteDraft,
  type DraftHeadParts,
  HandOverDraft,
  OpenDraft,
  People,
  SaveTemplate,
} from '../generated/documents';
import { Button, Notice, Refused } from '../ui/parts';

/** Hands a draft over, or deletes it. */
export function DraftTools({
  head,
  session,
  content,
  declares,
  onHandOver,
}: {
  head: DraftHeadParts;
  session: Session;
  content: () => string;
  /** Whether it is a declaration, which may be kept as a template. */
  declares: boolean;
  onHandOver: () => Promise<number>;
}) {
  const action = useAction();
  const people = useAsk(People, { first: 100 });
  const [to, setTo] = useState('');
  const [kept, setKept] = useState(false);
  const others = people.data?.people.edges.flatMap(({ node }) =>
    node.active &&
    node.personId !== session.subject &&
    node.roles.some((role) => role === 'DECLARANT' || role === 'BROKER')
      ? [node]
      : [],
  );
  const remove = () => {
    if (!confirm(t('draft.delete.sure'))) return;
    action.run(async () => {
      await ask(DeleteDraft, { input: { id: head.id, expectedVersion: head.version } });
      forget(head.id);
      go('/desk');
    });
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
      <Button kind="quiet" onClick={remove} busy={action.busy}>
        {t('draft.delete')}
      </Button>
    </>
  );
}

/** Whether what was entered is saved. */
export function SavedLine({ saving }: { saving: Saving }) {
  const words = {
    saved: saving.at ? t('saving.saved', { at: clock(saving.at.toISOString()) }) : '',
    waiting: t('saving.waiting'),
    saving: t('saving.saving'),
    local: t('saving.local'),
    stale: t('saving.stale'),
  };
  return (
    <span className="saved" role="status">
      {words[saving.state]}
    </span>
  );
}

/** Says that somebody else has saved a newer version, and asks which counts. */
export function Stale({
  saving,
  id,
  onOverwrite,
}: {
  saving: Saving;
  id: string;
  onOverwrite: (version: number) => Promise<void>;
}) {
  if (saving.state !== 'stale') return null;
  const keep = async () => {
    const { draft } = await ask(OpenDraft, { id });
    await onOverwrite(draft.head.version);
  };
  const drop = () => {
    forget(id);
    location.reload();
  };
  return (
    <Notice tone="warn" title={t('saving.stale')}>
      <p className="tools">
        <Button onClick={keep}>{t('saving.keep')}</Button>
        <Button onClick={drop}>{t('saving.drop')}</Button>
      </p>
    </Notice>
  );
}
