// The content of a form that is no draft: kept in this browser until it is sent or given up.
import { useCallback, useEffect, useRef, useState } from 'react';
import { forget, keep, personOf, recall } from './kept';
import { useSession } from './session';

export type Kept<T> = {
  value: T;
  set: (next: T | ((before: T) => T)) => void;
  /** Whether it began with what this browser had kept. */
  restored: boolean;
  /** Forgets what is kept, once it was sent or given up, and begins anew. */
  clear: () => void;
};

/** The state of a form at `place`, kept for `person`, who is the one that is signed in unless said. */
export function useKept<T extends object>(place: string, begin: T | (() => T), person?: string): Kept<T> {
  const { session } = useSession();
  const who = person ?? personOf(session);
  const first = useRef(begin);
  const fresh = useCallback(() => {
    const { current } = first;
    return typeof current === 'function' ? current() : current;
  }, []);
  const [restored] = useState(() => recall<T>(who, place) !== null);
  const [value, setValue] = useState<T>(() => {
    const kept = recall<T>(who, place);
    if (!kept) return fresh();
    // A form that has got a field since begins with it.
    return Array.isArray(kept) ? kept : { ...fresh(), ...kept };
  });
  const touched = useRef(false);
  useEffect(() => {
    if (touched.current) keep(who, place, value);
  }, [who, place, value]);
  const set = useCallback((next: T | ((before: T) => T)) => {
    touched.current = true;
    setValue(next);
  }, []);
  const clear = useCallback(() => {
    touched.current = false;
    forget(who, place);
    setValue(fresh());
  }, [who, place, fresh]);
  return { value, set, restored, clear };
}
