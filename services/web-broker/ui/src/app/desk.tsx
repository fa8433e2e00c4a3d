// What follows a person from page to page: how much is unread, and what the live stream of the box brings.
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

type Listener = (told: NotificationParts) => void;
type Desk = {
  unread: number;
  setUnread: (unread: number) => void;
  listen: (listener: Listener) => () => void;
};

const Context = createContext<Desk>({ unread: 0, setUnread: () => undefined, listen: () => () => undefined });

export function useDesk(): Desk {
  return useContext(Context);
}

/** Calls `listener` for everything that comes into the box while the page is shown. */
export function useNotified(listener: Listener): void {
  const { listen } = useDesk();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => listen((told) => latest.current(told)), [listen]);
}

export function DeskKeeper({ children }: { children: ReactNode }) {
  const { session, ended } = useSession();
  const [unread, setUnread] = useState(0);
  const [last, setLast] = useState<number | null>(null);
  const listeners = useRef(new Set<Listener>());
  const office = session?.offices[0] ?? null;
  const on = session !== null && !ended && mayBeNotified(session);
  const subject = session?.subject;
  useEffect(() => {
    setLast(null);
    setUnread(0);
    if (!on || !subject) return;
    ask(Notifications, { input: { first: 1, office } }).then(
      ({ notifications }) => {
        setUnread(notifications.unacknowledged);
        setLast(notifications.lastNumber);
      },
      () => undefined,
    );
  }, [on, office, subject]);
  const seen = useRef(0);
  useEffect(() => {
    seen.current = last ?? 0;
  }, [last]);
  useLive(
    FollowNotifications,
    on && last !== null,
    () => ({ afterNumber: seen.current, office }),
    ({ notifications: told }) => {
      seen.current = told.number;
      // What the organisation wants to be quiet is acknowledged from the beginning.
      if (!told.acknowledgedAt) setUnread((before) => before + 1);
      for (const listener of listeners.current) listener(told);
    },
  );
  const listen = useCallback((listener: Listener) => {
    listeners.current.add(listener);
    return () => {
      listeners.current.delete(listener);
    };
  }, []);
  const desk = useMemo(() => ({ unread, setUnread, listen }), [unread, listen]);
  return <Context.Provider value={desk}>{children}</Context.Provider>;
}
