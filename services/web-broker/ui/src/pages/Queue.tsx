// The officer's queue: what waits at an office, nearest deadline first, live, and made to be worked through by keyboard.
import { useRef, useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { has } from '../app/areas';
import { useCalm, useEvery, useSoon } from '../app/calm';
import { useNotified } from '../app/desk';
import { useShortcuts } from '../app/keys';
import { go, Link } from '../app/router';
import type { Session } from '../app/session';
import { ago, count, instant, knows, t, word } from '../app/texts';
import { OfficeQueue, type OfficeQueueAnswer } from '../generated/documents';
import { NamedInline, useOfficeNames } from '../ui/Names';
import {
  Button,
  Empty,
  More,
  Panel,
  Refused,
  SelectField,
  State,
  Table,
  Tag,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';
import { CarriedDialog } from './Carried';
import { CrossingByNumber } from './Crossings';
import { Due } from './DeskTasks';
import { Crossing } from './OfficerActions';
import { QueueOffices } from './QueueOffices';

export type Entry = OfficeQueueAnswer['officeQueue']['edges'][number]['node'];
type Order = 'DEADLINE' | 'WAITING';
type Filled = { office: string; channel: string; role: string; order: Order };
const EMPTY: Filled = { office: '', channel: '', role: '', order: 'DEADLINE' };
/** How long the queue is left alone when nothing is told. */
const LOOK_AGAIN_MS = 20_000;
const ROLES = ['', 'departure', 'exit', 'transit', 'destination'];

export function QueuePage({ session }: { session: Session }) {
  const [filled, setFilled] = useState<Filled>({ ...EMPTY, office: session.offices[0] ?? '' });
  const change = (more: Partial<Filled>) => setFilled((before) => ({ ...before, ...more }));
  const { office, channel, role, order } = filled;
  const [mrn, setMrn] = useState('');
  const [looked, setLooked] = useState<Entry | null>(null);
  const [news, setNews] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const question = { office, first: 50, channel: channel || null, role: role || null, order };
  const list = usePages(OfficeQueue, office ? question : null, ({ officeQueue }) => partOf(officeQueue));
  const { nodes, refusal, again } = list;
  const soon = useSoon(() => {
    setNews((before) => before + 1);
    again();
  });
  useNotified(soon);
  // Offices are told of goods that are on their way to them, and not of everything that begins to wait.
  useEvery(soon, LOOK_AGAIN_MS);
  const wanted = useCalm(mrn.trim().toUpperCase(), 150);
  const shown = nodes?.filter((entry) => !wanted || entry.mrn?.includes(wanted));
  const only = shown?.length === 1 ? shown[0] : undefined;
  const lookAt = (id: string | undefined) => setLooked(shown?.find((entry) => entry.movement === id) ?? null);
  useQueueKeys(place, soon, lookAt);
  return (
    <>
      <Title tools={<Button onClick={soon}>{t('queue.again')}</Button>}>{t('nav.queue')}</Title>
      <QueueOffices
        offices={session.offices}
        chosen={office}
        news={news}
        onChoose={(one) => change({ office: one })}
      />
      <div ref={place}>
        <Panel>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (only) go(`/desk/movements/${only.movement}`);
            }}
          >
            <Filters offices={session.offices} filled={filled} onChange={change} mrn={mrn} onMrn={setMrn} />
          </form>
          <Refused refusal={refusal} again={again} />
          {!nodes && !refusal && <Waiting />}
          {shown?.length === 0 && <Empty>{t('queue.none')}</Empty>}
          {shown && shown.length > 0 && (
            <Rows session={session} office={office} entries={shown} onLook={setLooked} onDone={soon} />
          )}
          <More page={list.page} onMore={list.more} />
        </Panel>
      </div>
      {has(session, 'officer-of-transit') && office && (
        <CrossingByNumber key={office} office={office} onDone={soon} />
      )}
      {looked && (
        <CarriedDialog
          id={looked.movement}
          title={looked.mrn ?? t('movement.no-mrn')}
          onClose={() => setLooked(null)}
        />
      )}
    </>
  );
}

type FiltersProps = {
  offices: readonly string[];
  filled: Filled;
  onChange: (more: Partial<Filled>) => void;
  mrn: string;
  onMrn: (mrn: string) => void;
};

function Filters({ offices, filled, onChange, mrn, onMrn }: FiltersProps) {
  const names = useOfficeNames(offices);
  return (
    <div className="fields">
      {offices.length > 1 && (
        <SelectField
          label={t('queue.office')}
          hint={t('queue.office.hint')}
          value={filled.office}
          onChange={(one) => onChange({ office: one })}
          options={offices.map((one) => [one, names(one)])}
        />
      )}
      <SelectField
        label={t('movement.channel')}
        hint={t('queue.channel.hint')}
        value={filled.channel}
        onChange={(one) => onChange({ channel: one })}
        options={['', 'red', 'green'].map((one) => [one, one ? word('channel', one) : t('all')])}
      />
      <SelectField
        label={t('queue.role')}
        hint={t('queue.role.hint')}
        value={filled.role}
        onChange={(one) => onChange({ role: one })}
        options={ROLES.map((one) => [one, one ? word('route', one) : t('all')])}
      />
      <SelectField
        label={t('queue.order')}
        hint={t('queue.order.hint')}
        value={filled.order}
        onChange={(one) => onChange({ order: one as Order })}
        options={(['DEADLINE', 'WAITING'] as const).map((one) => [one, word('queue-order', one)])}
      />
      <TextField label={t('queue.search')} hint={t('queue.search.hint')} value={mrn} onChange={onMrn} />
    </div>
  );
}

/** The keys of the queue; rows are gone through by the links in them, so that what has the focus is always seen. */
function useQueueKeys(
  place: { current: HTMLElement | null },
  again: () => void,
  lookAt: (movement: string | undefined) => void,
): void {
  const links = () => [...(place.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
  const at = () => links().indexOf(document.activeElement as HTMLAnchorElement);
  const move = (by: number) => (key: string) => {
    const all = links();
    const here = at();
    // Arrows scroll the page until a row has the focus.
    if (here < 0 && key.startsWith('Arrow')) return false;
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by;
    const link = all[Math.min(Math.max(next, 0), all.length - 1)];
    link?.focus();
    return link !== undefined;
  };
  useShortcuts([
    {
      keys: ['/'],
      text: 'keys.search',
      run: () => place.current?.querySelector<HTMLInputElement>('input[type="text"]')?.focus(),
    },
    { keys: ['j', 'ArrowDown'], text: 'keys.next', run: move(1) },
    { keys: ['k', 'ArrowUp'], text: 'keys.before', run: move(-1) },
    { keys: ['Enter'], text: 'keys.open', run: () => false },
    {
      keys: ['v'],
      text: 'keys.look',
      run: () => {
        const link = links()[at()];
        lookAt(link?.dataset.row);
        return link !== undefined;
      },
    },
    { keys: ['r'], text: 'keys.again', run: again },
  ]);
}

type RowsProps = {
  session: Session;
  office: string;
  entries: readonly Entry[];
  onLook: (entry: Entry) => void;
  onDone: () => void;
};

function Rows({ session, office, entries, onLook, onDone }: RowsProps) {
  const crosses = has(session, 'officer-of-transit');
  return (
    <Table
      caption={t('nav.queue')}
      heads={[
        t('movement.mrn'),
        t('queue.carried'),
        t('movement.state'),
        t('movement.channel'),
        t('queue.deadline'),
        t('queue.role'),
        t('queue.record'),
        t('queue.since'),
        '',
      ]}
    >
      {entries.map((entry) => (
        <tr key={`${entry.movement}-${entry.role}`}>
          <td>
            <Link href={`/desk/movements/${entry.movement}`} data-row={entry.movement}>
              {entry.mrn ?? t('movement.no-mrn')}
            </Link>
          </td>
          <td>
            <NamedInline family="party" code={entry.holder} />
            <div className="small">
              {[entry.vehicle, entry.goods, t('queue.items', { count: count(entry.items) })]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </td>
          <td>
            <State name={entry.state} />
          </td>
          <td>
            <Channel channel={entry.channel} />
          </td>
          <td>
            <Due at={entry.dueAt} />
            {entry.deadline && <div className="small">{word('deadline', entry.deadline)}</div>}
          </td>
          <td>{word('route', entry.role)}</td>
          <td>{recordOf(entry.recordState)}</td>
          <td>
            {instant(entry.since)}
            <div className="small">{ago(entry.since)}</div>
          </td>
          <td>
            <Button
              kind="quiet"
              aria-label={`${t('queue.look')}: ${entry.mrn ?? t('movement.no-mrn')}`}
              onClick={() => onLook(entry)}
            >
              {t('queue.look')}
            </Button>
            {crosses &&
              entry.mrn &&
              entry.recordState === 'expected' &&
              (entry.role === 'exit' || entry.role === 'transit') && (
                <Crossing office={office} role={entry.role} mrn={entry.mrn} onDone={onDone} />
              )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The state of the record of an office; that of departure has no other than the movement itself. */
const recordOf = (state: string) => word(knows('office-state', state) ? 'office-state' : 'state', state);

/** The channel that the risk decision gave; a dash before it. */
export function Channel({ channel }: { channel: string | null }) {
  if (!channel) return <>–</>;
  return <Tag tone={channel === 'red' ? 'bad' : 'good'}>{word('channel', channel)}</Tag>;
}
