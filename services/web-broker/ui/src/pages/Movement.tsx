// One movement: where it stands and why, live; its messages; and what may be done next.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/graphql';
import { useLive } from '../api/live';
import { partOf, usePages } from '../api/pages';
import { useAsk } from '../api/use';
import { isOfficer } from '../app/areas';
import { useNotified } from '../app/desk';
import { type Shortcut, useShortcuts } from '../app/keys';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { ago, instant, money, t, useLanguage, word } from '../app/texts';
import {
  FollowTimeline,
  GuaranteeUses,
  MovementMessages,
  type MovementParts,
  OneMovement,
  Timeline,
  type TimelineParts,
} from '../generated/documents';
import { Named, NameOf } from '../ui/Names';
import { Back, Empty, Facts, More, Panel, Refused, State, Title, Waiting } from '../ui/parts';
import { Acts } from './Acts';
import { Correspondence } from './Correspondence';
import { Declared } from './Declared';
import { CarrierActions } from './Incident';
import { Messages } from './Messages';
import { useCorrespondence } from './notes';
import { OfficerActions } from './OfficerActions';
import { Paper } from './Paper';
import { Risk } from './Risk';
import { TimelinePanel } from './TimelinePanel';
import { TraderActions } from './TraderActions';

export function MovementPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  useLanguage();
  const movement = useAsk(OneMovement, { id });
  const messages = usePages(MovementMessages, { movement: id, first: 50 }, ({ movementMessages }) =>
    partOf(movementMessages),
  );
  const [timeline, setTimeline] = useState<readonly TimelineParts[]>([]);
  const mrn = movement.data?.movement.mrn ?? null;
  // Who neither guarantees nor owns a guarantee sees nothing of its use.
  const officer = isOfficer(session);
  const seesUses = officer || movement.data?.movement.holder === session.party;
  const uses = usePages(GuaranteeUses, mrn && seesUses ? { mrn, first: 20 } : null, ({ guaranteeUses }) =>
    partOf(guaranteeUses),
  );

  const correspondence = useCorrespondence(id);
  const decisions = useRef<HTMLDivElement>(null);
  useCaseKeys(decisions, officer);

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
    let over = false;
    everyEntry(id, (items) => !over && setTimeline((before) => merged(before, items))).catch(() => undefined);
    return () => {
      over = true;
    };
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
  const notes = correspondence.told?.notes ?? null;
  const files = correspondence.told?.files ?? [];
  const declares = officer || (seen.representative ?? seen.holder) === session.party;
  return (
    <>
      <Back href={officer ? '/desk/queue' : '/desk/movements'} to={officer ? 'nav.queue' : 'nav.movements'} />
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
      <div className="decisions" ref={decisions}>
        <OfficerActions session={session} movement={seen} onDone={reload} />
      </div>
      <CarrierActions session={session} movement={seen} onDone={reload} />
      <TraderActions session={session} movement={seen} messages={messages.nodes ?? []} onDone={reload} />
      <div className="columns wide-left">
        <div className="stack">
          {officer && <Risk movement={seen} timeline={timeline} />}
          <Panel title={t('movement.title')}>
            <Facts
              rows={[
                [t('movement.mrn'), seen.mrn],
                [t('movement.lrn'), seen.lrn],
                [t('movement.type'), `${seen.declarationType} · ${seen.additionalType}`],
                [t('movement.holder'), <Named key="holder" family="party" code={seen.holder} />],
                [
                  t('movement.representative'),
                  seen.representative && (
                    <Named key="representative" family="party" code={seen.representative} />
                  ),
                ],
                [
                  t('movement.carrier'),
                  seen.carrier && <Named key="carrier" family="party" code={seen.carrier} />,
                ],
                [t('movement.items'), String(seen.items)],
                [t('movement.version'), String(seen.declarationVersion)],
                [t('movement.submitted'), instant(seen.submittedAt)],
                [t('movement.released'), instant(seen.releasedAt)],
                seen.channel ? [t('movement.channel'), word('channel', seen.channel)] : null,
                seen.dueAt
                  ? [
                      seen.deadline ? word('deadline', seen.deadline) : t('movement.due'),
                      `${instant(seen.dueAt)} · ${ago(seen.dueAt)}`,
                    ]
                  : null,
              ]}
            />
            <Route movement={seen} />
          </Panel>
          {seesUses && (
            <Panel title={t('movement.guarantees')}>
              <Refused refusal={uses.refusal} again={uses.again} />
              {uses.nodes?.length === 0 && <Empty>{t('movement.no-guarantees')}</Empty>}
              {uses.nodes?.map((node) => (
                <Facts
                  key={node.id}
                  rows={[
                    [t('guarantee.grn'), node.grn ?? node.otherReference],
                    [
                      t('guarantee.type'),
                      <Named key="type" family="GuaranteeType" code={node.guaranteeType} />,
                    ],
                    [t('use.amount'), money(node.amount)],
                    [t('use.state'), <State key="state" family="use-state" name={node.state} />],
                    [t('use.placed'), instant(node.placedAt)],
                    node.endedAt ? [t('use.ended'), instant(node.endedAt)] : null,
                  ]}
                />
              ))}
              <More page={uses.page} onMore={uses.more} />
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
            messages={messages.nodes}
            refusal={messages.refusal}
            page={messages.page}
            onMore={messages.more}
          />
        </div>
        <TimelinePanel timeline={timeline} officer={officer} />
      </div>
    </>
  );
}

/** The keys of a case, for who decides about it. */
function useCaseKeys(decisions: { current: HTMLElement | null }, officer: boolean): void {
  const focus = (element: HTMLElement | null | undefined) => {
    element?.focus();
    element?.scrollIntoView({ block: 'nearest' });
    return Boolean(element);
  };
  const buttons = () => [...(decisions.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
  const among = (by: number) => () => {
    const all = buttons();
    const here = all.indexOf(document.activeElement as HTMLButtonElement);
    return here >= 0 && focus(all[(here + by + all.length) % all.length]);
  };
  useShortcuts(
    officer
      ? [
          { keys: ['d'], text: 'keys.decide', run: () => focus(buttons()[0]) },
          { keys: ['ArrowDown', 'j'], text: 'keys.decision.next', run: among(1) },
          { keys: ['ArrowUp', 'k'], text: 'keys.decision.before', run: among(-1) },
          { keys: ['q'], text: 'keys.queue', run: () => go('/desk/queue') },
        ]
      : NO_KEYS,
  );
}

const NO_KEYS: readonly Shortcut[] = [];

/** Fetches the whole timeline, part by part. */
async function everyEntry(movement: string, seen: (items: readonly TimelineParts[]) => void): Promise<void> {
  let afterSequence = 0;
  for (let more = true; more; ) {
    const { movementTimeline } = await ask(Timeline, { movement, afterSequence });
    seen(movementTimeline.items);
    afterSequence = movementTimeline.items.at(-1)?.sequence ?? afterSequence;
    more = movementTimeline.more && movementTimeline.items.length > 0;
  }
}

function merged(before: readonly TimelineParts[], more: readonly TimelineParts[]): readonly TimelineParts[] {
  const all = new Map([...before, ...more].map((entry) => [entry.sequence, entry]));
  return [...all.values()].sort((one, other) => one.sequence - other.sequence);
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
        <li>
          <Named code={movement.departureOffice} />
        </li>
        <li>
          <Named code={movement.destinationOffice} />
        </li>
      </ol>
    );
  }
  return (
    <ol className="route" aria-label={t('movement.route')}>
      <li className={movement.releasedAt ? 'done' : ''}>
        <strong>{movement.departureOffice}</strong>
        <NameOf code={movement.departureOffice} />
        <div className="small">{t('route.departure')}</div>
        <div className="small">{instant(movement.releasedAt)}</div>
      </li>
      {movement.offices.map((office, at) => (
        <li key={at} className={office.state === 'expected' ? '' : 'done'}>
          <strong>{office.office}</strong>
          <NameOf code={office.office} />
          <div className="small">
            {word('route', office.role)} · {word('office-state', office.state)}
          </div>
          {office.recordedAt && <div className="small">{instant(office.recordedAt)}</div>}
        </li>
      ))}
    </ol>
  );
}
