// The lock of a draft: held while it is open, told of where a colleague holds it, and taken when it is free.
import { useEffect, useRef, useState } from 'react';
import { ask } from '../api/graphql';
import { asRefusal } from '../api/use';
import { LockDraft, OpenDraft, UnlockDraft } from '../generated/documents';
import { lastSaved } from './keep';

/** Who has a draft open, and until when unless they go on. */
export type Held = { name: string; until: string };

/** A lock lives for a minute from when it was last asked for. */
const RENEW_MS = 45_000;
const LOOK_MS = 5_000;

/** Who holds the draft; nobody where it is one's own. When it becomes free, `onFreed` is done before anybody may go on. */
export function useLock(id: string, onFreed: () => Promise<void>): Held | null {
  const [held, setHeld] = useState<Held | null>(null);
  const freed = useRef(onFreed);
  useEffect(() => {
    freed.current = onFreed;
  });
  useEffect(() => {
    let over = false;
    let waited = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      let next = RENEW_MS;
      try {
        await ask(LockDraft, { input: { id } });
        if (waited && !over) await freed.current();
        waited = false;
        if (!over) setHeld(null);
      } catch (error) {
        next = LOOK_MS;
        if (asRefusal(error).code === 'draft-locked') {
          waited = true;
          const by = await holder(id);
          if (!over) setHeld((before) => by ?? before ?? { name: '', until: '' });
        }
      }
      if (!over) timer = setTimeout(look, next);
    };
    look();
    return () => {
      over = true;
      clearTimeout(timer);
      // The draft is free once its last words are saved; they are saved when everything on the page is gone.
      queueMicrotask(() =>
        lastSaved()
          .then(() => ask(UnlockDraft, { input: { id } }))
          .catch(() => undefined),
      );
    };
  }, [id]);
  return held;
}

/** Who holds a draft, as the suite tells it. */
async function holder(id: string): Promise<Held | null> {
  const told = await ask(OpenDraft, { id }).catch(() => null);
  const lock = told?.draft.head.lock;
  return lock ? { name: lock.holderName ?? '', until: lock.until } : null;
}
