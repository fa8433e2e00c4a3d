// What a participant is asked for by customs, nearest deadline first, and the latest messages that nobody has read.
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { ask, type Refusal } from '../api/graphql';
import { asRefusal, useAsk } from '../api/use';
import { useSoon } from '../app/calm';
import { useDesk, useNotified } from '../app/desk';
import { Link } from '../app/router';
import { ago, instant, t, word } from '../app/texts';
import {
  Tasks as AskTasks,
  type NotificationParts,
  Notifications,
  type TasksAnswer,
} from '../generated/documents';
import { Empty, Panel, Refused, Table, Tag, Waiting } from '../ui/parts';
import { About, Told } from './Notifications';
import { everythingWritten } from './notes';

/** How long a refused declaration is told of: what nobody repairs by then was given up. */
const REJECTED_DAYS = 14;
/** How many of the newest entries of the box are looked at. */
const LATEST = 100;
const UNREAD_SHOWN = 6;
const ASKING_MOST = 8;
/** States of an arrival in which the unloading remarks are waited for. */
const REMARKS_DUE = ['unloading-permitted', 'remarks-overdue'];

type Task = { id: string; href: string; number: string; what: string; due: string | null };

/** Around them, what else stands in the two columns of the desk. */
export function DeskTasks({ left, right }: { left: ReactNode; right: ReactNode }) {
  const [since] = useState(() => new Date(Date.now() - REJECTED_DAYS * 86_400_000).toISOString());
  const tasks = useAsk(AskTasks, { since });
  const box = useLatest();
  const soon = useSoon(() => {
    tasks.again();
    box.again();
  }, 400);
  useNotified(soon);
  const all = [...(tasks.data ? tasksOf(tasks.data) : []), ...(box.questions ?? [])].sort(byDeadline);
  const unread = box.entries?.filter(({ acknowledgedAt }) => !acknowledgedAt).slice(0, UNREAD_SHOWN);
  return (
    <div className="columns two">
      <div className="stack">
        <TasksPanel tasks={tasks.data && all} refusal={tasks.refusal} again={tasks.again} />
        {left}
      </div>
      <div className="stack">
        <Unread unread={unread} refusal={box.refusal} />
        {right}
      </div>
    </div>
  );
}

type TasksProps = { tasks: Task[] | null; refusal: Refusal | null; again: () => void };

function TasksPanel({ tasks, refusal, again }: TasksProps) {
  return (
    <Panel title={t('tasks.title')}>
      <Refused refusal={refusal} again={again} />
      {!tasks && !refusal && <Waiting />}
      {tasks?.length === 0 && <Empty>{t('tasks.none')}</Empty>}
      {tasks && tasks.length > 0 && (
        <Table
          caption={t('tasks.title')}
          heads={[t('tasks.what'), t('movement.number'), t('queue.deadline')]}
        >
          {tasks.map((task) => (
            <tr key={task.id} data-task={task.id}>
              <td>{task.what}</td>
              <td>
                <Link href={task.href}>{task.number}</Link>
              </td>
              <td>
                <Due at={task.due} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Unread({ unread, refusal }: { unread: NotificationParts[] | undefined; refusal: Refusal | null }) {
  return (
    <Panel title={t('tasks.unread')} tools={<Link href="/desk/notifications">{t('tasks.unread.all')}</Link>}>
      <Refused refusal={refusal} />
      {!unread && !refusal && <Waiting />}
      {unread?.length === 0 && <Empty>{t('notifications.none')}</Empty>}
      {unread && unread.length > 0 && (
        <Table
          caption={t('tasks.unread')}
          heads={[t('notifications.what'), t('notifications.about'), t('ledger.at')]}
        >
          {unread.map((told) => (
            <tr key={told.id}>
              <td>
                <Told told={told} />
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
  );
}

/** When something is due, and how far that is away; what is near or past stands out. */
export function Due({ at }: { at: string | null }) {
  if (!at) return <>–</>;
  const left = Date.parse(at) - Date.now();
  return (
    <>
      {instant(at)}
      <div>
        <Tag tone={left < 0 ? 'bad' : left < 86_400_000 ? 'warn' : 'neutral'}>{ago(at)}</Tag>
      </div>
    </>
  );
}

function tasksOf(answer: TasksAnswer): Task[] {
  const { amendments, guarantees, discrepancies, enquiries, debts, rejections, arrivals } = answer;
  const asked = [amendments, guarantees, discrepancies, enquiries, debts, rejections]
    .flatMap(({ edges }) => edges)
    .map(({ node }) => ({
      id: node.id,
      href: `/desk/movements/${node.id}`,
      number: node.mrn ?? node.lrn,
      what: word('task', node.state),
      due: node.dueAt,
    }));
  const remarks = arrivals.edges
    .filter(({ node }) => REMARKS_DUE.includes(node.state))
    .map(({ node }) => ({
      id: node.id,
      href: `/desk/arrivals/${node.id}`,
      number: node.mrn,
      what: word('task', node.state),
      due: null,
    }));
  return [...asked, ...remarks];
}

function byDeadline(one: Task, other: Task): number {
  if (one.due === null || other.due === null) return Number(one.due === null) - Number(other.due === null);
  return one.due.localeCompare(other.due);
}

type Latest = { entries: NotificationParts[] | null; questions: Task[] | null; refusal: Refusal | null };

/** The newest entries of the box, newest first, and the questions of offices that they tell of and that are open. */
function useLatest(): Latest & { again: () => void } {
  const [latest, setLatest] = useState<Latest>({ entries: null, questions: null, refusal: null });
  const { setUnread } = useDesk();
  const again = useCallback(() => {
    fetchLatest().then(
      ({ unread, ...found }) => {
        setUnread(null, unread);
        setLatest({ ...found, refusal: null });
      },
      (error) => setLatest((before) => ({ ...before, refusal: asRefusal(error) })),
    );
  }, [setUnread]);
  useEffect(again, [again]);
  return { ...latest, again };
}

async function fetchLatest() {
  const head = (await ask(Notifications, { input: { first: 1 } })).notifications;
  const afterNumber = Math.max(head.lastNumber - LATEST, 0);
  const { notifications } = await ask(Notifications, { input: { first: LATEST, afterNumber } });
  const entries = [...notifications.items].reverse();
  const notes = entries.filter(({ event, movement }) => event.type === 'ecustoms.note.written' && movement);
  const about = new Map(notes.map((told) => [told.movement ?? '', told.mrn ?? told.lrn ?? '']));
  const asking = [...about].slice(0, ASKING_MOST);
  const questions = (await Promise.all(asking.map(([id, number]) => questionsOf(id, number)))).flat();
  return { entries, questions, unread: notifications.unacknowledged };
}

async function questionsOf(movement: string, number: string): Promise<Task[]> {
  const { notes } = await everythingWritten(movement);
  return notes
    .filter((note) => note.by === 'officer' && note.asksAnswer && !note.answeredBy)
    .map((note) => ({
      id: `${movement}/${note.number}`,
      href: `/desk/movements/${movement}`,
      number,
      what: t('task.question', { office: note.office }),
      due: note.answerBy,
    }));
}
