// Arrivals at destination: notified, unloaded, remarked upon.
import { useEffect, useMemo, useState } from 'react';
import { ask } from '../api/graphql';
import { useAsk } from '../api/use';
import { useNotified } from '../app/desk';
import { go, Link, useAddress } from '../app/router';
import type { Session } from '../app/session';
import { instant, t } from '../app/texts';
import { useDefinition } from '../form/catalogue';
import { inOrder, messagesOf, type Refused as RefusedMessage, refused } from '../form/exchanged';
import type { Tree } from '../form/tree';
import { Arrivals, type MessageParts, MovementMessages, NotifyArrival } from '../generated/documents';
import {
  Back,
  Button,
  Empty,
  Facts,
  Notice,
  PageWaiting,
  Panel,
  Refused,
  State,
  Table,
  Title,
  Waiting,
} from '../ui/parts';
import { DirectForm } from './DirectForm';
import { Messages } from './Messages';
import { TAKES_REMARKS } from './Unloading';

export function ArrivalsPage() {
  const { data, refusal, again } = useAsk(Arrivals, { first: 50 });
  useNotified(() => {
    again();
  });
  const edges = data?.arrivals.edges ?? [];
  return (
    <>
      <Title
        tools={
          <Button kind="main" onClick={() => go('/desk/arrivals/new')}>
            {t('arrivals.new')}
          </Button>
        }
      >
        {t('nav.arrivals')}
      </Title>
      <Panel>
        <Refused refusal={refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data && edges.length === 0 && <Empty>{t('arrivals.none')}</Empty>}
        {edges.length > 0 && (
          <Table
            caption={t('nav.arrivals')}
            heads={[
              t('movement.mrn'),
              t('movement.state'),
              t('arrivals.office'),
              t('arrivals.notified'),
              t('movement.changed'),
            ]}
          >
            {edges.map(({ node }) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/arrivals/${node.id}`}>{node.mrn}</Link>
                </td>
                <td>
                  <State family="arrival-state" name={node.state} />
                </td>
                <td>{node.office}</td>
                <td>{instant(node.notifiedAt)}</td>
                <td>{instant(node.changedAt)}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

const now = () => new Date().toISOString().slice(0, 19);

export function NewArrivalPage({ session }: { session: Session }) {
  const { query } = useAddress();
  const mrn = query.get('mrn') ?? '';
  const { definition, refusal } = useDefinition('CC007C', '6');
  const before = useRefusedNotification(query.get('again'));
  const { party } = session;
  const begin = useMemo<Tree>(
    () => ({
      TransitOperation: { MRN: mrn, arrivalNotificationDateAndTime: now(), simplifiedProcedure: '0' },
      TraderAtDestination: { identificationNumber: party },
      Consignment: { LocationOfGoods: { typeOfLocation: 'A', qualifierOfIdentification: 'V' } },
    }),
    [mrn, party],
  );
  if (!definition || before === undefined) return refusal ? <Refused refusal={refusal} /> : <PageWaiting />;
  // The head of what was refused is not that of what is sent next.
  const { messageIdentification: _, preparationDateAndTime: __, ...repaired } = before?.message.tree ?? {};
  return (
    <>
      <Back href="/desk/arrivals" to="nav.arrivals" />
      <DirectForm
        key={mrn}
        session={session}
        definition={definition}
        begin={before ? repaired : begin}
        errors={before?.errors}
        place={`arrival.${mrn || 'new'}`}
        title={t('arrivals.new')}
        onSend={async (signed) => {
          const { notifyArrival } = await ask(NotifyArrival, { input: { ...signed, format: 'JSON' } });
          go(`/desk/arrivals/${notifyArrival.submitted.movement}`, 'replace');
        }}
      />
    </>
  );
}

/** The notification that was refused and is to be repaired; `undefined` until it is there, `null` where there is none. */
function useRefusedNotification(arrival: string | null): RefusedMessage | null | undefined {
  const [found, setFound] = useState<RefusedMessage | null | undefined>(arrival ? undefined : null);
  useEffect(() => {
    if (!arrival) return;
    let over = false;
    const told = (answer: RefusedMessage | null) => !over && setFound(answer);
    messagesOf(arrival)
      .then((messages) => refused(messages, 'CC007C', 'CC057C'))
      .then(told, () => told(null));
    return () => {
      over = true;
    };
  }, [arrival]);
  return found;
}

export function ArrivalPage({ parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  const { data, refusal, again } = useAsk(Arrivals, { arrival: id, first: 1 });
  const messages = useAsk(MovementMessages, { movement: id, first: 100 });
  useNotified(() => {
    again();
    messages.again();
  });
  const arrival = data?.arrivals.edges[0]?.node;
  const exchanged = messages.data?.movementMessages.edges.map(({ node }) => node) ?? null;
  return (
    <>
      <Back href="/desk/arrivals" to="nav.arrivals" />
      <Title tools={arrival && <State family="arrival-state" name={arrival.state} />}>
        {arrival?.mrn ?? t('arrivals.title')}
      </Title>
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {data && !arrival && <Notice tone="warn" title={t('arrivals.unknown')} />}
      {arrival && (
        <>
          <NextStep id={id} mrn={arrival.mrn} state={arrival.state} messages={exchanged ?? []} />
          <Panel title={t('arrivals.title')}>
            <Facts
              rows={[
                [t('movement.mrn'), arrival.mrn],
                [t('arrivals.office'), arrival.office],
                [t('arrivals.trader'), arrival.trader],
                [t('arrivals.notified'), instant(arrival.notifiedAt)],
                [t('movement.changed'), instant(arrival.changedAt)],
              ]}
            />
          </Panel>
          <Messages messages={exchanged} refusal={messages.refusal} />
        </>
      )}
    </>
  );
}

type Next = { id: string; mrn: string; state: string; messages: readonly MessageParts[] };

/** What the trader does next: remarks, in time or late, or once more what was refused. */
function NextStep({ id, mrn, state, messages }: Next) {
  const refusedLast = inOrder(messages, 'CC007C', 'CC044C')[0]?.status === 'failed';
  if (state === 'rejected') {
    return (
      <Notice tone="bad" title={t('arrivals.refused')}>
        <p>
          <Button kind="main" onClick={() => go(`/desk/arrivals/new?mrn=${mrn}&again=${id}`)}>
            {t('arrivals.repair')}
          </Button>
        </p>
      </Notice>
    );
  }
  if (!TAKES_REMARKS.includes(state)) return null;
  return (
    <>
      {refusedLast && <Notice tone="bad" title={t('unloading.refused')} />}
      {state === 'remarks-overdue' && <Notice tone="warn" title={t('unloading.overdue')} />}
      <div className="tools">
        <Button kind="main" onClick={() => go(`/desk/arrivals/${id}/unloading`)}>
          {refusedLast ? t('unloading.repair') : t('arrivals.unloading')}
        </Button>
      </div>
    </>
  );
}
