// Arrivals at destination: notified, unloaded, remarked upon.
import { useMemo } from 'react';
import { ask } from '../api/graphql';
import { useAsk } from '../api/use';
import { useNotified } from '../app/desk';
import { go, Link, useAddress } from '../app/router';
import type { Session } from '../app/session';
import { instant, t } from '../app/texts';
import { useDefinition } from '../form/catalogue';
import { Arrivals, MovementMessages, NotifyArrival, SendArrivalMessage } from '../generated/documents';
import {
  Back,
  Button,
  Empty,
  Facts,
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
  const { definition, refusal } = useDefinition('CC007C', '6');
  const begin = useMemo(
    () => ({
      TransitOperation: {
        MRN: query.get('mrn') ?? '',
        arrivalNotificationDateAndTime: now(),
        simplifiedProcedure: '0',
      },
      TraderAtDestination: { identificationNumber: session.party },
      Consignment: { LocationOfGoods: { typeOfLocation: 'A', qualifierOfIdentification: 'V' } },
    }),
    [query, session.party],
  );
  if (!definition) return refusal ? <Refused refusal={refusal} /> : <PageWaiting />;
  return (
    <>
      <Back href="/desk/arrivals" to="nav.arrivals" />
      <DirectForm
        session={session}
        definition={definition}
        begin={begin}
        place="arrival"
        title={t('arrivals.new')}
        onSend={async (signed) => {
          const { notifyArrival } = await ask(NotifyArrival, { input: { ...signed, format: 'JSON' } });
          go(`/desk/arrivals/${notifyArrival.submitted.movement}`, 'replace');
        }}
      />
    </>
  );
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
  return (
    <>
      <Back href="/desk/arrivals" to="nav.arrivals" />
      <Title tools={arrival && <State family="arrival-state" name={arrival.state} />}>
        {arrival?.mrn ?? t('arrivals.title')}
      </Title>
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {arrival && (
        <>
          {arrival.state === 'unloading-permitted' && (
            <div className="tools">
              <Button
                kind="main"
                onClick={() =>
                  go(`/desk/arrivals/${id}/unloading?mrn=${arrival.mrn}&office=${arrival.office}`)
                }
              >
                {t('arrivals.unloading')}
              </Button>
            </div>
          )}
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
          <Messages
            messages={messages.data?.movementMessages.edges.map(({ node }) => node) ?? null}
            refusal={messages.refusal}
          />
        </>
      )}
    </>
  );
}

export function UnloadingPage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const id = parts.id ?? '';
  const { query } = useAddress();
  const { definition, refusal } = useDefinition('CC044C', '6');
  const begin = useMemo(
    () => ({
      TransitOperation: { MRN: query.get('mrn') ?? '' },
      CustomsOfficeOfDestinationActual: { referenceNumber: query.get('office') ?? '' },
      TraderAtDestination: { identificationNumber: session.party },
      UnloadingRemark: {
        conform: '1',
        unloadingCompletion: '1',
        unloadingDate: now().slice(0, 10),
        stateOfSeals: '1',
      },
    }),
    [query, session.party],
  );
  if (!definition) return refusal ? <Refused refusal={refusal} /> : <PageWaiting />;
  return (
    <>
      <Back href={`/desk/arrivals/${id}`} to="arrivals.title" />
      <DirectForm
        session={session}
        definition={definition}
        begin={begin}
        place={`unloading.${id}`}
        title={t('arrivals.unloading')}
        onSend={async (signed) => {
          await ask(SendArrivalMessage, { input: { arrival: id, ...signed, format: 'JSON' } });
          go(`/desk/arrivals/${id}`, 'replace');
        }}
      />
    </>
  );
}
