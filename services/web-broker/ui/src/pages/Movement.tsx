// One movement: where it stands and why, live; its messages; and what may be done next.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/graphql';
import { useLive } from '../api/live';
import { useAsk } from '../api/use';
import { isOfficer } from '../app/areas';
import { useNotified } from '../app/desk';
import type { Session } from '../app/session';
import { ago, clock, day, instant, money, t, useLanguage, word } from '../app/texts';
import {
  Correspondence as AskCorrespondence,
  FollowTimeline,
  GuaranteeUses,
  MovementMessages,
  type MovementParts,
  OneMovement,
  Timeline,
  type TimelineParts,
} from '../generated/documents';
import { Back, Empty, Facts, Panel, Refused, State, Title, Waiting } from '../ui/parts';
import { Acts } from './Acts';
import { Correspondence } from './Correspondence';
import { Declared } from './Declared';
import { Messages } from './Messages';
import { OfficerActions } from './OfficerActions';
import { Paper } from './Paper';
import { TraderActions } from './TraderActions';

export function MovementPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  useLanguage();
  const movement = useAsk(OneMovement, { id });
  const messages = useAsk(MovementMessages, { movement: id, first: 100 });
  const [timeline, setTimeline] = useState<readonly TimelineParts[]>([]);
  const mrn = movement.data?.movement.mrn ?? null;
  // Who neither guarantees nor owns a guarantee sees nothing of its use.
  const seesUses = isOfficer(session) || movement.data?.movement.holder === session.party;
  const uses = useAsk(GuaranteeUses, mrn && seesUses ? { mrn, first: 20 } : null);

  const correspondence = useAsk(AskCorrespondence, { movement: id });

  const refresh = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reload = useCallback(() => {
    clearTimeout(refresh.current);
    refresh.current = setTimeout(() => {
      movement.again();
      messages.again();
      uses.again();
      correspondence.again();
    }, 150);
  }, [movement.again, messages.again, uses.again, correspondence.again]);
  useEffect(() => () => clearTimeout(refresh.current), []);
  useEffect(() => {
    ask(Timeline, { movement: id }).then(
      ({ movementTimeline }) => setTimeline((before) => merged(before, movementTimeline.items)),
      () => undefined,
    );
  }, [id]);
  useLive(
    FollowTimeline,
    movement.data !== null,
    () => ({ movement: id, afterSequence: timeline.at(-1)?.sequence ?? 0 }),
    ({ movementTimeline }) => {
      setTimeline((before) => merged(before, [movementTimeline]));
      reload();
    },
  );
  useNotified((told) => {
    if (told.movement === id || (mrn && told.mrn === mrn)) reload();
  });

  if (!movement.data) {
    return (
      <>
        <Back href="/desk/movements" to="nav.movements" />
        <Title>{t('movement.title')}</Title>
        {movement.refusal ? <Refused refusal={movement.refusal} again={movement.again} /> : <Waiting />}
      </>
    );
  }
  const seen = movement.data.movement;
  const notes = correspondence.data?.movementNotes.edges.map(({ node }) => node) ?? null;
  const files = correspondence.data?.movementFiles.edges.map(({ node }) => node) ?? [];
  const declares = isOfficer(session) || (seen.representative ?? seen.holder) === session.party;
  return (
    <>
      <Back href="/desk/movements" to="nav.movements" />
      <Title
        tools={
          <>
            <State name={seen.state} />
            <Paper movement={seen} />
          </>
        }
      >
        {seen.mrn ?? `LRN ${seen.lrn}`}
      </Title>
      <p className="unseen" role="status">
        {word('state', seen.state)}
      </p>
      <Hint movement={seen} />
      <OfficerActions session={session} movement={seen} onDone={reload} />
      <TraderActions
        session={session}
        movement={seen}
        messages={messages.data?.movementMessages.edges.map(({ node }) => node) ?? []}
        onDone={reload}
      />
      <div className="columns wide-left">
        <div className="stack">
          <Panel title={t('movement.title')}>
            <Facts
              rows={[
                [t('movement.mrn'), seen.mrn],
                [t('movement.lrn'), seen.lrn],
                [t('movement.type'), `${seen.declarationType} · ${seen.additionalType}`],
                [t('movement.holder'), seen.holder],
                [t('movement.representative'), seen.representative],
                [t('movement.items'), String(seen.items)],
                [t('movement.version'), String(seen.declarationVersion)],
                [t('movement.submitted'), instant(seen.submittedAt)],
                [t('movement.released'), instant(seen.releasedAt)],
                seen.channel ? [t('movement.channel'), word('channel', seen.channel)] : null,
                seen.dueAt ? [t('movement.due'), `${instant(seen.dueAt)} · ${ago(seen.dueAt)}`] : null,
              ]}
            />
            <Route movement={seen} />
          </Panel>
          {seesUses && (
            <Panel title={t('movement.guarantees')}>
              {!uses.data?.guaranteeUses.edges.length && <Empty>{t('movement.no-guarantees')}</Empty>}
              {uses.data?.guaranteeUses.edges.map(({ node }) => (
                <Facts
                  key={node.id}
                  rows={[
                    [t('guarantee.grn'), node.grn],
                    [t('use.amount'), money(node.amount)],
                    [t('use.state'), <State key="state" family="use-state" name={node.state} />],
                    [t('use.placed'), instant(node.placedAt)],
                    node.endedAt ? [t('use.ended'), instant(node.endedAt)] : null,
                  ]}
                />
              ))}
            </Panel>
          )}
          <Correspondence
            session={session}
            movement={seen}
            notes={notes}
            files={files}
            onDone={correspondence.again}
          />
          <Acts session={session} movement={seen} files={files} onDone={correspondence.again} />
          {declares && <Declared movement={seen} />}
          <Messages
            messages={messages.data?.movementMessages.edges.map(({ node }) => node) ?? null}
            refusal={messages.refusal}
          />
        </div>
        <Panel title={t('movement.timeline')}>
          <ol className="timeline" aria-live="polite">
            {[...timeline].reverse().map((entry) => (
              <li key={entry.sequence} className={toneOf(entry.state, entry.event)}>
                <div className="what">{word('event', entry.event)}</div>
                <div className="small">
                  {day(entry.at)} {clock(entry.at)} · {word('by', entry.by)}
                  {entry.office && ` · ${entry.office}`}
                </div>
                {entry.reasons.map((reason, at) => (
                  <div key={at} className="small" lang="en">
                    {reason}
                  </div>
                ))}
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </>
  );
}

function merged(before: readonly TimelineParts[], more: readonly TimelineParts[]): readonly TimelineParts[] {
  const all = new Map([...before, ...more].map((entry) => [entry.sequence, entry]));
  return [...all.values()].sort((one, other) => one.sequence - other.sequence);
}

function toneOf(state: string, event: string): string {
  if (
    ['rejected', 'not-released', 'control-failed', 'release-refused', 'guarantee-refused'].some(
      (one) => one === state || one === event,
    )
  )
    return 'bad';
  if (['released', 'written-off', 'crossed', 'arrived', 'control-passed'].includes(event)) return 'good';
  if (['control-ordered'].includes(event)) return 'warn';
  return '';
}

/** What comes next, in words. */
function Hint({ movement }: { movement: MovementParts }) {
  const text = word('next', movement.state);
  return text === movement.state ? null : <p>{text}</p>;
}

function Route({ movement }: { movement: MovementParts }) {
  if (movement.offices.length === 0) {
    return (
      <ol className="route">
        <li>{movement.departureOffice}</li>
        <li>{movement.destinationOffice}</li>
      </ol>
    );
  }
  return (
    <ol className="route" aria-label={t('movement.route')}>
      <li className={movement.releasedAt ? 'done' : ''}>
        <strong>{movement.departureOffice}</strong>
        <div className="small">{t('route.departure')}</div>
        <div className="small">{instant(movement.releasedAt)}</div>
      </li>
      {movement.offices.map((office, at) => (
        <li key={at} className={office.state === 'expected' ? '' : 'done'}>
          <strong>{office.office}</strong>
          <div className="small">
            {word('route', office.role)} · {word('office-state', office.state)}
          </div>
          {office.recordedAt && <div className="small">{instant(office.recordedAt)}</div>}
        </li>
      ))}
    </ol>
  );
}
