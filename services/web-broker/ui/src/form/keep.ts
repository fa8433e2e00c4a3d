// A draft while it is worked on: kept in the browser at once and at the suite soon after, so that nothing is lost.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask, Refusal } from '../api/graphql';
import { asRefusal } from '../api/use';
import { forget, keep, recall, settles } from '../app/kept';
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

/** The browser has a change within this time, however fast somebody types. */
const KEEP_MS = 250;
/** The suite has it when nothing was typed for so long, and in any case after this long. */
const SOON_MS = 900;
const LATEST_MS = 4_000;
const AGAIN_MS = 5_000;
const place = (id: string) => `draft.${id}`;

/** Saves that were begun when a draft was left. */
const leaving = new Set<Promise<void>>();

/** Waits until what was entered last is saved: whoever comes next is to see it. */
export async function lastSaved(): Promise<void> {
  await Promise.allSettled([...leaving]);
}

/** What this browser has of a draft that the suite does not have, and of which version. */
export type Local = { version: number; title: string; content: string };

/** What this browser keeps of a draft for `person`, where the suite has something else; it may be of an older version. */
export function localCopy(person: string, head: DraftHeadParts, content: string): Local | null {
  const local = recall<Local>(person, place(head.id));
  return local && local.content !== content ? local : null;
}

export function forgetDraft(person: string, id: string): void {
  forget(person, place(id));
}

/** The text of a draft as it is kept and signed. */
export function contentOf(definition: Definition, tree: Tree, sender: string, fresh = false): string {
  const whole = complete(definition.root, tree, { sender, at: new Date(), fresh });
  return write(definition.root, definition.phase, whole);
}

type Keeping = {
  person: string;
  begin: DraftHeadParts;
  /** Of which version what is shown is, where it comes from this browser. */
  local: Local | null;
  /** The content that the suite has. */
  stored: string;
  content: () => string;
  readOnly: boolean;
};

/** Saves the draft by itself; `flush` saves at once what the suite does not have, and gives the version there. */
export function useKeeping({ person, begin, local, stored, content, readOnly }: Keeping) {
  const stale = local !== null && local.version < begin.version;
  const [head, setHead] = useState(() => ({ ...begin, title: local?.title ?? begin.title }));
  const [saving, setSaving] = useState<Saving>({
    state: stale ? 'stale' : 'saved',
    at: new Date(begin.savedAt),
    refusal: null,
  });
  const version = useRef(stale ? local.version : begin.version);
  const title = useRef(head.title);
  const dirty = useRef(false);
  const since = useRef(0);
  const there = useRef(stored);
  /** Whether somebody else has saved the draft, and nobody has said yet what counts. */
  const overtaken = useRef(stale);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const storing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<Promise<void> | null>(null);
  const latest = useRef(content);
  useEffect(() => {
    latest.current = content;
  });

  const store = useCallback(() => {
    clearTimeout(storing.current);
    storing.current = undefined;
    const kept: Local = { version: version.current, title: title.current, content: latest.current() };
    keep(person, place(begin.id), kept);
  }, [person, begin.id]);

  const save = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    if (running.current) await running.current;
    if (!dirty.current || overtaken.current) return;
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
        if (dirty.current) store();
        else forgetDraft(person, begin.id);
        setSaving({ state: dirty.current ? 'waiting' : 'saved', at: new Date(), refusal: null });
      },
      (error) => {
        dirty.current = true;
        since.current = Date.now();
        const refusal = asRefusal(error);
        overtaken.current = refusal.code === 'version-stale';
        setSaving((before) => ({ ...before, state: overtaken.current ? 'stale' : 'local', refusal }));
        if (!overtaken.current) timer.current = setTimeout(save, AGAIN_MS);
      },
    );
    await running.current;
    running.current = null;
  }, [person, begin.id, begin.kind, begin.title, store]);

  const changed = useCallback(() => {
    if (readOnly) return;
    if (!dirty.current) since.current = Date.now();
    dirty.current = true;
    storing.current ??= setTimeout(store, KEEP_MS);
    setSaving((before) => (before.state === 'stale' ? before : { ...before, state: 'waiting' }));
    clearTimeout(timer.current);
    const left = since.current + LATEST_MS - Date.now();
    timer.current = setTimeout(save, Math.max(Math.min(SOON_MS, left), 0));
  }, [readOnly, save, store]);

  useEffect(() => {
    // A tab that is closed or killed leaves its last words in the browser.
    const leave = () => {
      if (!dirty.current) return;
      store();
      const saved = save();
      leaving.add(saved);
      saved.finally(() => leaving.delete(saved));
    };
    const settle = settles(save);
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      settle();
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
      leave();
      clearTimeout(timer.current);
      clearTimeout(storing.current);
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
      overtaken.current = false;
      dirty.current = true;
      await save();
    },
    [save],
  );
  /** Gives up what was entered here: what the suite has counts. */
  const discard = useCallback(() => {
    dirty.current = false;
    clearTimeout(timer.current);
    clearTimeout(storing.current);
    storing.current = undefined;
    forgetDraft(person, begin.id);
  }, [person, begin.id]);
  const flush = useCallback(async () => {
    // What the page fills in by itself is saved as well; what is there already need not cross a slow line again.
    if (latest.current() !== there.current) dirty.current = true;
    await save();
    if (dirty.current) await save();
    if (overtaken.current) throw new Refusal('', { code: 'version-stale', status: 409 });
    if (dirty.current) throw new Refusal('', { code: 'unreachable', status: 0 });
    return version.current;
  }, [save]);
  return { head, saving, changed, flush, rename, overwrite, discard };
}
