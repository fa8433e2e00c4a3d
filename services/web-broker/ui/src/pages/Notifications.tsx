// The box: everything one should know, once and in order.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { mayHaveWebhooks } from '../app/areas';
import { useDesk, useNotified } from '../app/desk';
import { Link } from '../app/router';
import type { Session } from '../app/session';
import { instant, t, word } from '../app/texts';
import { Acknowledge, type NotificationParts, Notifications } from '../generated/documents';
import { Button, Empty, Panel, Refused, SelectField, Table, Tag, Title, Waiting } from '../ui/parts';
import { kindOf, PreferencesPanel } from './Preferences';
import { Webhooks } from './Webhooks';

export function NotificationsPage({ session }: { session: Session }) {
  const [office, setOffice] = useState(session.offices[0] ?? '');
  const [unread, setUnreadOnly] = useState(true);
  const [hooks, setHooks] = useState(0);
  const desk = useDesk();
  const box = { office: office || null };
  const { data, refusal, again } = useAsk(Notifications, {
    input: { ...box, first: 100, unacknowledgedOnly: unread },
  });
  const action = useAction();
  useNotified(() => {
    again();
  });
  const items = data?.notifications.items ?? [];
  const acknowledge = () =>
    action.run(async () => {
      const upTo = items.at(-1)?.number;
      if (!upTo) return;
      const { acknowledgeNotifications } = await ask(Acknowledge, { input: { ...box, upTo } });
      if (!office || office === session.offices[0])
        desk.setUnread(acknowledgeNotifications.acknowledged.unacknowledged);
      await again();
    });
  return (
    <>
      <Title
        tools={
          items.length > 0 && (
            <Button onClick={acknowledge} busy={action.busy}>
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
              options={session.offices.map((one) => [one, one])}
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
        {!data && !refusal && <Waiting />}
        {data && items.length === 0 && <Empty>{t('notifications.none')}</Empty>}
        {items.length > 0 && (
          <Table
            caption={t('nav.notifications')}
            heads={[t('ledger.number'), t('notifications.what'), t('notifications.about'), t('ledger.at')]}
          >
            {items.map((told) => (
              <tr key={told.id}>
                <td className="num">{told.number}</td>
                <td>
                  {!told.acknowledgedAt && <Tag tone="busy">{t('notifications.new')}</Tag>}{' '}
                  {word('notified', kindOf(told.event.type))}{' '}
                  {told.messageType && word('message', told.messageType)}{' '}
                  {told.state && word(FAMILIES[told.event.type] ?? 'state', told.state)}
                </td>
                <td>
                  <About told={told} />
                </td>
                <td>{instant(told.occurredAt)}</td>
              </tr>
            ))}
          </Table>
        )}
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

/** Which states an event tells of, where it is not that of a movement. */
const FAMILIES: Readonly<Record<string, string>> = {
  'ecustoms.guarantee.use-changed': 'use-state',
  'ecustoms.guarantee.changed': 'guarantee-state',
};

function About({ told }: { told: NotificationParts }) {
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
