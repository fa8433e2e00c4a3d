// How a person signs, by a key file or by the signing agent of their computer, and what the page does while the agent waits for them.
import { useSyncExternalStore } from 'react';

export const WAYS = ['file', 'ncalayer'] as const;
export type Way = (typeof WAYS)[number];

const KEPT = 'ecustoms.way';
const listeners = new Set<() => void>();
let stop: (() => void) | null = null;
let last: Way | null = null;

/** The way that was chosen last in this browser. */
export function way(): Way {
  return localStorage.getItem(KEPT) === 'ncalayer' ? 'ncalayer' : 'file';
}

export function choose(chosen: Way): void {
  localStorage.setItem(KEPT, chosen);
}

/** Notes with what the last signature was made. */
export function signedWith(used: Way): void {
  last = used;
}

/** With what the last signature was made, in this page. */
export const lastSignedWith = () => last;

/** Says that the agent has its window open, and how to wait no longer; `null` when it has answered. */
export function agentWaits(given: (() => void) | null): void {
  stop = given;
  for (const listener of listeners) listener();
}

/** How to wait no longer for the agent, while it is waited for. */
export function useAgentWaits(): (() => void) | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => stop,
  );
}
