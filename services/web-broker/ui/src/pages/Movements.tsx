// The movements that a person may see, newest first.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { useAsk } from '../api/use';
import { useNotified } from '../app/desk';
import { Link } from '../app/router';
import { instant, t, word } from '../app/texts';
import { Movements } from '../generated/documents';
import {
  Empty,
  More,
  Panel,
  Refused,
  SelectField,
  State,
  Table,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';

const STATES = [
  '',
  'submitted',
  'rejected',
  'pre-lodged',
  'awaiting-acceptance',
  'guarantee-under-registration',
  'guarantee-under-amendment',
  'awaiting-release',
  'amendment-requested',
  'under-control',
  'minor-discrepancies',
  'released',
  'overdue',
  'under-enquiry',
  'enquiry-answered',
  'arrived',
  'discrepancies-pending',
  'under-recovery',
  'claim-raised',
  'guarantor-called',
  'under-discharge',
  'written-off',
  'not-released',
  'cancelled',
];

export function MovementsPage() {
  const [number, setNumber] = useState('');
  const [state, setState] = useState('');
  const [more, setMore] = useState<{
    after: string;
    nodes: NonNullable<typeof data>['movements']['edges'];
  } | null>(null);
  const wanted = number.trim();
  const isMrn = /^\d{2}[A-Z]{2}[A-Z0-9]{14}$/i.test(wanted);
  const question = {
    first: 30,
    ...(state && { state }),
    ...(wanted && (isMrn ? { mrn: wanted.toUpperCase() } : { lrn: wanted })),
  };
  const { data, refusal, again } = useAsk(Movements, question);
  useNotified(() => {
    if (!more) again();
  });
  const edges = [...(data?.movements.edges ?? []), ...(more?.nodes ?? [])];
  const info = data?.movements.pageInfo;
  const next = async () => {
    const { movements } = await ask(Movements, {
      ...question,
      after: more?.after ?? info?.endCursor ?? null,
    });
    setMore({
      after: movements.pageInfo.endCursor ?? '',
      nodes: [...(more?.nodes ?? []), ...movements.edges],
    });
  };
  return (
    <>
      <Title>{t('nav.movements')}</Title>
      <Panel>
        <search>
          <div className="fields">
            <TextField
              label={t('movements.search')}
              hint={t('movements.search.hint')}
              value={number}
              onChange={setNumber}
            />
            <SelectField
              label={t('movement.state')}
              value={state}
              onChange={(chosen) => {
                setMore(null);
                setState(chosen);
              }}
              hint={t('movements.state.hint')}
              options={STATES.map((one) => [one, one ? word('state', one) : t('all')])}
            />
          </div>
        </search>
        <Refused refusal={refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data && edges.length === 0 && <Empty>{t('movements.none')}</Empty>}
        {edges.length > 0 && (
          <Table
            caption={t('nav.movements')}
            heads={[
              t('movement.mrn'),
              t('movement.lrn'),
              t('movement.state'),
              t('movement.route'),
              t('movement.items'),
              t('movement.submitted'),
              t('movement.changed'),
            ]}
          >
            {edges.map(({ node }) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/movements/${node.id}`}>{node.mrn ?? t('movement.no-mrn')}</Link>
                </td>
                <td>{node.lrn}</td>
                <td>
                  <State name={node.state} />
                </td>
                <td>
                  {node.departureOffice} → {node.destinationOffice}
                </td>
                <td className="num">{node.items}</td>
                <td>{instant(node.submittedAt)}</td>
                <td>{instant(node.changedAt)}</td>
              </tr>
            ))}
          </Table>
        )}
        <More
          page={more ? { hasNextPage: more.after !== '' && more.nodes.length % 30 === 0 } : info}
          onMore={next}
        />
      </Panel>
    </>
  );
}
