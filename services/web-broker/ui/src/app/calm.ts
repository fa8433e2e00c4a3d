// What comes in bursts, taken calmly: typing, and news that arrive together.
import { useCallback, useEffect, useRef, useState } from 'react';

/** `value` once it has stayed the same for `wait` milliseconds. */
export function useCalm<Value>(value: Value, wait = 300): Value {
  const [calm, setCalm] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return calm;
}

/** Does `work` once for all calls within `wait` milliseconds, and not after the page is left. */
export function useSoon(work: () => unknown, wait = 250): () => void {
  const latest = useRef(work);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    // The first call starts the wait and later ones do not prolong it: a steady stream must not starve the page.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, wait);
  }, [wait]);
}

/** Does `work` again and again while the page is looked at, and at once when somebody comes back to it. */
export function useEvery(work: () => unknown, pause: number): void {
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && latest.current();
    const timer = setInterval(look, pause);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [pause]);
}
