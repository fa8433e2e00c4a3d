// What follows a person from page to page: how much is unread, and what the live streams of their boxes bring.
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { ask } from '../api/graphql';
import { useLive } from '../api/live';
import { FollowNotifications, type NotificationParts, Notifications } from '../generated/documents';
import { mayBeNotified } from './areas';
import { useSession } from './session';

/** A box: that of a customs office, or one's own. */
type Box = string | null;
type Listener = (told: NotificationParts, box: Box) => void;
type Desk = {
  /** Of all boxes together. */
  unread: number;
  setUnread: (box: Box, unread: number) => void;
  listen: (listener: Listener) => () => void;
};

const Context = createContext<Desk>({ unread: 0, setUnread: () => undefined, listen: () => () => undefined });

export function useDesk(): Desk {
  return useContext(Context);
}

/** Calls `listener` for everything that comes into a box while the page is shown. */
export function useNotified(listener: Listener): void {
  const { listen } = useDesk();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((told, box) => latest.current(told, box)), [listen]);
}

export function DeskKeeper({ children }: { children: ReactNode }) {
  const { session, ended } = useSession();
  const [counts, setCounts] = useState<ReadonlyMap<Box, number>>(new Map());
  const listeners = useRef(new Set<Listener>());
  const on = session !== null && !ended && mayBeNotified(session);
  const subject = session?.subject;
  // Whoever serves at several offices is told by each of them.
  const boxes: readonly Box[] = session?.offices.length ? session.offices : [null];
  // biome-ignore lint/correctness/useExhaustiveDependencies: somebody else has other boxes
  useEffect(() => setCounts(new Map()), [subject]);
  const setUnread = useCallback(
    (box: Box, unread: number) => setCounts((before) => new Map(before).set(box, unread)),
    [],
  );
  const seen = useCallback((told: NotificationParts, box: Box) => {
    // What the organisation wants to be quiet is acknowledged from the beginning.
    if (!told.acknowledgedAt) setCounts((before) => new Map(before).set(box, (before.get(box) ?? 0) + 1));
    for (const listener of listeners.current) listener(told, box);
  }, []);
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  }, []);
  const unread = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const desk = useMemo(() => ({ unread, setUnread, listen }), [unread, setUnread, listen]);
  return (
    <Context.Provider value={desk}>
      {on &&
        boxes.map((box) => (
          <Followed key={`${subject}/${box}`} box={box} setUnread={setUnread} onTold={seen} />
        ))}
      {children}
    </Context.Provider>
  );
}

/** Follows one box from what stands in it now. */
function Followed({
  box,
  setUnread,
  onTold,
}: {
  box: Box;
  setUnread: Desk['setUnread'];
  onTold: (told: NotificationParts, box: Box) => void;
}) {
  const [begun, setBegun] = useState(false);
  const last = useRef(0);
  useEffect(() => {
    let over = false;
    ask(Notifications, { input: { first: 1, office: box } }).then(
      ({ notifications }) => {
        if (over) return;
        setUnread(box, notifications.unacknowledged);
        last.current = notifications.lastNumber;
        setBegun(true);
      },
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [box, setUnread]);
  useLive(
    FollowNotifications,
    begun,
    () => ({ afterNumber: last.current, office: box }),
    ({ notifications: told }) => {
      last.current = told.number;
      onTold(told, box);
    },
  );
  return null;
}
