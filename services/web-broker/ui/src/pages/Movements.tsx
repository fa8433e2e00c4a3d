// The movements that a person may see, newest first.
import { useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { useCalm, useSoon } from '../app/calm';
import { useNotified } from '../app/desk';
import { Link } from '../app/router';
import { instant, t, word } from '../app/texts';
import { Movements } from '../generated/documents';
import { RouteOf } from '../ui/Names';
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
  const [since, setSince] = useState('');
  const wanted = useCalm(number.trim());
  const isMrn = /^\d{2}[A-Z]{2}[A-Z0-9]{14}$/i.test(wanted);
  const question = {
    first: 30,
    ...(state && { state }),
    ...(wanted && (isMrn ? { mrn: wanted.toUpperCase() } : { lrn: wanted })),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(since) && { changedSince: new Date(`${since}T00:00`).toISOString() }),
  };
  const list = usePages(Movements, question, ({ movements }) => partOf(movements));
  const { nodes, refusal, again } = list;
  useNotified(useSoon(again));
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
              onChange={setState}
              hint={t('movements.state.hint')}
              options={STATES.map((one) => [one, one ? word('state', one) : t('all')])}
            />
            <TextField
              type="date"
              label={t('movements.since')}
              hint={t('movements.since.hint')}
              value={since}
              onChange={setSince}
            />
          </div>
        </search>
        <Refused refusal={refusal} again={again} />
        {!nodes && !refusal && <Waiting />}
        {nodes?.length === 0 && <Empty>{t('movements.none')}</Empty>}
        {nodes && nodes.length > 0 && (
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
            {nodes.map((node) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/movements/${node.id}`}>{node.mrn ?? t('movement.no-mrn')}</Link>
                </td>
                <td>{node.lrn}</td>
                <td>
                  <State name={node.state} />
                </td>
                <td>
                  <RouteOf from={node.departureOffice} to={node.destinationOffice} />
                </td>
                <td className="num">{node.items}</td>
                <td>{instant(node.submittedAt)}</td>
                <td>{instant(node.changedAt)}</td>
              </tr>
            ))}
          </Table>
        )}
        <More page={list.page} onMore={list.more} />
      </Panel>
    </>
  );
}
