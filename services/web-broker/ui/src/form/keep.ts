// A draft while it is worked on: kept in the browser at once and at the suite soon after, so that nothing is lost.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask, Refusal } from '../api/graphql';
import { asRefusal } from '../api/use';
import { type DraftHeadParts, SaveDraft } from '../generated/documents';
import type { Definition } from './catalogue';
import { complete } from './complete';
import { write } from './json';
import type { Tree } from './tree';

export type Saving = {
  state: 'saved' | 'waiting' | 'saving' | 'local' | 'stale';
  at: Date | null;
  refusal: Refusal | null;
};

const SOON_MS = 900;
const AGAIN_MS = 5_000;
const place = (id: string) => `ecustoms.draft.${id}`;

type Local = { version: number; content: string };

/** What this browser has of a draft that the suite does not have. */
export function localCopy(head: DraftHeadParts, content: string): string | null {
  try {
    const local = JSON.parse(localStorage.getItem(place(head.id)) ?? 'null') as Local | null;
    return local && local.version >= head.version && local.content !== content ? local.content : null;
  } catch {
    return null;
  }
}

export function forget(id: string): void {
  localStorage.removeItem(place(id));
}

/** The text of a draft as it is kept and signed. */
export function contentOf(definition: Definition, tree: Tree, sender: string, fresh = false): string {
  const whole = complete(definition.root, tree, { sender, at: new Date(), fresh });
  return write(definition.root, definition.phase, whole);
}

/** Saves the draft by itself; `flush` saves at once what the suite does not have, and gives the version there. */
export function useKeeping(begin: DraftHeadParts, stored: string, content: () => string, readOnly: boolean) {
  const [head, setHead] = useState(begin);
  const [saving, setSaving] = useState<Saving>({
    state: 'saved',
    at: new Date(begin.savedAt),
    refusal: null,
  });
  const version = useRef(begin.version);
  const title = useRef(begin.title);
  const dirty = useRef(false);
  const there = useRef(stored);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<void> | null>(null);
  const latest = useRef(content);
  useEffect(() => {
    latest.current = content;
  });

  const store = useCallback(() => {
    const local: Local = { version: version.current, content: latest.current() };
    try {
      localStorage.setItem(place(begin.id), JSON.stringify(local));
    } catch {
      // A browser without room keeps nothing; the suite still does.
    }
  }, [begin.id]);

  const save = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (!dirty.current) return;
    dirty.current = false;
    setSaving((before) => ({ ...before, state: 'saving' }));
    const input = {
      id: begin.id,
      kind: begin.kind,
      title: title.current.trim() || begin.title,
      content: latest.current(),
      expectedVersion: version.current,
    };
    running.current = ask(SaveDraft, { input }).then(
      ({ saveDraft }) => {
        version.current = saveDraft.draft.version;
        there.current = input.content;
        // What was typed while it was saved is not taken back.
        setHead({ ...saveDraft.draft, title: title.current });
        if (!dirty.current) forget(begin.id);
        setSaving({ state: dirty.current ? 'waiting' : 'saved', at: new Date(), refusal: null });
      },
      (error) => {
        dirty.current = true;
        const refusal = asRefusal(error);
        const stale = refusal.code === 'version-stale';
        setSaving((before) => ({ ...before, state: stale ? 'stale' : 'local', refusal }));
        if (!stale) timer.current = setTimeout(save, AGAIN_MS);
      },
    );
    await running.current;
    running.current = null;
  }, [begin.id, begin.kind, begin.title]);

  const changed = useCallback(() => {
    if (readOnly) return;
    dirty.current = true;
    setSaving((before) => (before.state === 'stale' ? before : { ...before, state: 'waiting' }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      store();
      save();
    }, SOON_MS);
  }, [readOnly, save, store]);

  useEffect(() => {
    // A tab that is closed or killed leaves its last words in the browser.
    const leave = () => {
      if (!dirty.current) return;
      store();
      save();
    };
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
      leave();
      clearTimeout(timer.current);
    };
  }, [save, store]);

  const rename = useCallback(
    (next: string) => {
      title.current = next;
      setHead((before) => ({ ...before, title: next }));
      changed();
    },
    [changed],
  );
  /** Takes over a version that somebody else has saved, and saves over it. */
  const overwrite = useCallback(
    async (known: number) => {
      version.current = known;
      dirty.current = true;
      await save();
    },
    [save],
  );
  const flush = useCallback(async () => {
    // What the page fills in by itself is saved as well; what is there already need not cross a slow line again.
    if (latest.current() !== there.current) dirty.current = true;
    await save();
    if (dirty.current) await save();
    if (dirty.current) throw new Refusal('', { code: 'unreachable', status: 0 });
    return version.current;
  }, [save]);
  return { head, saving, changed, flush, rename, overwrite };
}
