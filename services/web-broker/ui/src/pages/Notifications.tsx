// The box: everything one should know, once and in order.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { type Pages, usePages } from '../api/pages';
import { useAction, useAsk } from '../api/use';
import { mayHaveWebhooks } from '../app/areas';
import { useSoon } from '../app/calm';
import { useDesk, useNotified } from '../app/desk';
import { Link } from '../app/router';
import type { Session } from '../app/session';
import { instant, t, word } from '../app/texts';
import { Acknowledge, type NotificationParts, Notifications } from '../generated/documents';
import { useOfficeNames } from '../ui/Names';
import { Button, Empty, More, Panel, Refused, SelectField, Table, Tag, Title, Waiting } from '../ui/parts';
import { kindOf, PreferencesPanel } from './Preferences';
import { Webhooks } from './Webhooks';

export function NotificationsPage({ session }: { session: Session }) {
  const [office, setOffice] = useState(session.offices[0] ?? '');
  const [unread, setUnreadOnly] = useState(true);
  const [hooks, setHooks] = useState(0);
  const desk = useDesk();
  const offices = useOfficeNames(session.offices);
  const box = { office: office || null };
  const list = useBox(box.office, unread);
  const { nodes, refusal, again } = list;
  const action = useAction();
  const soon = useSoon(again);
  useNotified((_, from) => {
    if (from === box.office) soon();
  });
  const acknowledge = (which: { upTo: number } | { numbers: number[] }) =>
    action.run(async () => {
      const { acknowledgeNotifications } = await ask(Acknowledge, { input: { ...box, ...which } });
      desk.setUnread(box.office, acknowledgeNotifications.acknowledged.unacknowledged);
      await again();
    });
  const upTo = nodes && Math.max(...nodes.map(({ number }) => number));
  const open = nodes?.some(({ acknowledgedAt }) => !acknowledgedAt);
  return (
    <>
      <Title
        tools={
          open &&
          upTo && (
            <Button onClick={() => acknowledge({ upTo })} busy={action.busy}>
              {t('notifications.acknowledge')}
            </Button>
          )
        }
      >
        {t('nav.notifications')}
      </Title>
      <Panel>
        <div className="fields">
          {session.offices.length > 1 && (
            <SelectField
              label={t('queue.office')}
              value={office}
              onChange={setOffice}
              options={session.offices.map((one) => [one, offices(one)])}
            />
          )}
          <SelectField
            label={t('notifications.shown')}
            value={unread ? 'unread' : 'all'}
            onChange={(chosen) => setUnreadOnly(chosen === 'unread')}
            options={[
              ['unread', t('notifications.unread')],
              ['all', t('all')],
            ]}
          />
        </div>
        <Refused refusal={refusal ?? action.refusal} again={again} />
        {!nodes && !refusal && <Waiting />}
        {nodes?.length === 0 && <Empty>{t('notifications.none')}</Empty>}
        {nodes && nodes.length > 0 && (
          <Entries
            entries={nodes}
            busy={action.busy}
            onRead={(number) => acknowledge({ numbers: [number] })}
          />
        )}
        <More page={list.page} onMore={list.more} />
      </Panel>
      {mayHaveWebhooks(session) && (
        <>
          <PreferencesPanel key={hooks} />
          <Webhooks onChange={() => setHooks((before) => before + 1)} />
        </>
      )}
    </>
  );
}

type EntriesProps = {
  entries: readonly NotificationParts[];
  busy: boolean;
  onRead: (number: number) => void;
};

function Entries({ entries, busy, onRead }: EntriesProps) {
  return (
    <Table
      caption={t('nav.notifications')}
      heads={[t('ledger.number'), t('notifications.what'), t('notifications.about'), t('ledger.at'), '']}
    >
      {entries.map((told) => (
        <tr key={told.id}>
          <td className="num">{told.number}</td>
          <td>
            {!told.acknowledgedAt && <Tag tone="busy">{t('notifications.new')}</Tag>} <Told told={told} />
          </td>
          <td>
            <About told={told} />
          </td>
          <td>{instant(told.occurredAt)}</td>
          <td>
            {!told.acknowledgedAt && (
              <Button
                kind="quiet"
                busy={busy}
                aria-label={`${t('notifications.read')}: ${told.number}`}
                onClick={() => onRead(told.number)}
              >
                {t('notifications.read')}
              </Button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** How many entries a part of the list has. */
const PART = 50;

/**
 * The entries of a box: what is unread in the order in which it is worked through, everything with the newest first. The numbers of a
 * box have no gaps, so that it can be read backwards.
 */
function useBox(office: string | null, unread: boolean): Pages<NotificationParts> {
  const head = useAsk(Notifications, unread ? null : { input: { office, first: 1 } });
  const last = head.data?.notifications.lastNumber;
  const back = (upTo: number) => ({
    input: { office, first: Math.max(Math.min(PART, upTo), 1), afterNumber: Math.max(upTo - PART, 0) },
  });
  const open = usePages(
    Notifications,
    unread ? { input: { office, first: PART, unacknowledgedOnly: true } } : null,
    ({ notifications }) => ({ nodes: notifications.items, next: notifications.next }),
    ({ input }, after) => ({ input: { ...input, after } }),
  );
  const all = usePages(
    Notifications,
    last === undefined ? null : back(last),
    ({ notifications: { items } }) => {
      const before = (items[0]?.number ?? 1) - 1;
      return { nodes: [...items].reverse(), next: before > 0 ? String(before) : null };
    },
    (_, after) => back(Number(after)),
  );
  if (unread) return open;
  const again = async () => {
    await head.again();
    await all.again();
  };
  return { ...all, refusal: all.refusal ?? head.refusal, again };
}

/** Which states an event tells of, where it is not that of a movement. */
const FAMILIES: Readonly<Record<string, string>> = {
  'ecustoms.guarantee.use-changed': 'use-state',
  'ecustoms.guarantee.changed': 'guarantee-state',
};

/** What an entry of the box tells. */
export function Told({ told }: { told: NotificationParts }) {
  return (
    <>
      {word('notified', kindOf(told.event.type))} {told.messageType && word('message', told.messageType)}{' '}
      {told.state && word(FAMILIES[told.event.type] ?? 'state', told.state)}
    </>
  );
}

/** What an entry of the box is about, as a link. */
export function About({ told }: { told: NotificationParts }) {
  if (told.grn) {
    return (
      <>
        <Link href={`/desk/guarantees/${told.grn}`}>{told.grn}</Link>
        {told.mrn && <div className="small">{told.mrn}</div>}
      </>
    );
  }
  if (told.movement) {
    const area = told.side === 'arrival' || told.side === 'destination' ? 'arrivals' : 'movements';
    return <Link href={`/desk/${area}/${told.movement}`}>{told.mrn ?? told.lrn ?? t('movement.title')}</Link>;
  }
  return <>{told.mrn ?? ''}</>;
}
