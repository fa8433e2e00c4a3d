// The officer's queue: what waits at an office, oldest first, live.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { has } from '../app/areas';
import { useNotified } from '../app/desk';
import { go, Link } from '../app/router';
import type { Session } from '../app/session';
import { ago, instant, t, word } from '../app/texts';
import { OfficeQueue, RecordCrossing } from '../generated/documents';
import {
  Button,
  Empty,
  Notice,
  Panel,
  Refused,
  SelectField,
  State,
  Table,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';
import { Crossing } from './OfficerActions';

export function QueuePage({ session }: { session: Session }) {
  const [office, setOffice] = useState(session.offices[0] ?? '');
  const [mrn, setMrn] = useState('');
  const [channel, setChannel] = useState('');
  const [order, setOrder] = useState<'DEADLINE' | 'WAITING'>('DEADLINE');
  const queue = useAsk(OfficeQueue, office ? { office, first: 100, channel: channel || null, order } : null);
  useNotified(() => {
    queue.again();
  });
  const entries = queue.data?.officeQueue.edges.map(({ node }) => node) ?? [];
  const wanted = mrn.trim().toUpperCase();
  const shown = entries.filter((entry) => !wanted || entry.mrn?.includes(wanted));
  const crosses = has(session, 'officer-of-transit');
  const only = shown.length === 1 ? shown[0] : undefined;
  return (
    <>
      <Title tools={<Button onClick={queue.again}>{t('queue.again')}</Button>}>{t('nav.queue')}</Title>
      <Panel>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (only) go(`/desk/movements/${only.movement}`);
          }}
        >
          <div className="fields">
            {session.offices.length > 1 && (
              <SelectField
                label={t('queue.office')}
                hint={t('queue.office.hint')}
                value={office}
                onChange={setOffice}
                options={session.offices.map((one) => [one, one])}
              />
            )}
            <SelectField
              label={t('movement.channel')}
              hint={t('queue.channel.hint')}
              value={channel}
              onChange={setChannel}
              options={['', 'red', 'green'].map((one) => [one, one ? word('channel', one) : t('all')])}
            />
            <SelectField
              label={t('queue.order')}
              hint={t('queue.order.hint')}
              value={order}
              onChange={(one) => setOrder(one as typeof order)}
              options={(['DEADLINE', 'WAITING'] as const).map((one) => [one, word('queue-order', one)])}
            />
            <TextField
              label={t('queue.search')}
              hint={t('queue.search.hint')}
              value={mrn}
              onChange={setMrn}
            />
          </div>
        </form>
        <Refused refusal={queue.refusal} again={queue.again} />
        {!queue.data && !queue.refusal && <Waiting />}
        {queue.data && shown.length === 0 && <Empty>{t('queue.none')}</Empty>}
        {shown.length > 0 && (
          <Table
            caption={t('nav.queue')}
            heads={[
              t('movement.mrn'),
              t('movement.state'),
              t('queue.role'),
              t('queue.record'),
              t('queue.since'),
              '',
            ]}
          >
            {shown.map((entry) => (
              <tr key={`${entry.movement}-${entry.role}`}>
                <td>
                  <Link href={`/desk/movements/${entry.movement}`}>{entry.mrn ?? t('movement.no-mrn')}</Link>
                </td>
                <td>
                  <State name={entry.state} />
                </td>
                <td>{word('route', entry.role)}</td>
                <td>{word('office-state', entry.recordState)}</td>
                <td>
                  {instant(entry.since)}
                  <div className="small">{ago(entry.since)}</div>
                  {entry.dueAt && (
                    <div className="small">
                      {t('movement.due')}: {instant(entry.dueAt)}
                    </div>
                  )}
                </td>
                <td>
                  {crosses &&
                    entry.mrn &&
                    entry.recordState === 'expected' &&
                    (entry.role === 'exit' || entry.role === 'transit') && (
                      <Crossing office={office} role={entry.role} mrn={entry.mrn} onDone={queue.again} />
                    )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      {crosses && office && <CrossingByNumber key={office} office={office} onDone={queue.again} />}
    </>
  );
}

/** A crossing of goods that were not announced at this office: an exit need not be declared. */
function CrossingByNumber({ office, onDone }: { office: string; onDone: () => void }) {
  const [mrn, setMrn] = useState('');
  const [kind, setKind] = useState<'EXIT' | 'ENTRY'>('EXIT');
  const [intact, setIntact] = useState(true);
  const [done, setDone] = useState('');
  const action = useAction();
  const record = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const wanted = mrn.trim().toUpperCase();
      await ask(RecordCrossing, { input: { office, mrn: wanted, kind, sealsIntact: intact } });
      setDone(wanted);
      setMrn('');
      onDone();
    });
  };
  return (
    <Panel title={t('crossing.title')}>
      {done && <Notice tone="good" title={t('crossing.recorded', { mrn: done })} />}
      <Refused refusal={action.refusal} />
      <form className="plain" onSubmit={record} noValidate>
        <div className="fields">
          <TextField label={t('movement.mrn')} value={mrn} onChange={setMrn} maxLength={18} />
          <SelectField
            label={t('crossing.kind')}
            value={kind}
            onChange={(one) => setKind(one as 'EXIT')}
            options={[
              ['EXIT', t('route.exit')],
              ['ENTRY', t('route.transit')],
            ]}
          />
        </div>
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy} disabled={!mrn.trim()}>
            {t('crossing.do')}
          </Button>
          <span className="check">
            <input
              id="crossing-seals"
              type="checkbox"
              checked={intact}
              onChange={(event) => setIntact(event.target.checked)}
            />
            <label htmlFor="crossing-seals">{t('officer.seals')}</label>
          </span>
        </div>
      </form>
    </Panel>
  );
}
