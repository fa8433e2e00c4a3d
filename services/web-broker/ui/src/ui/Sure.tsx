// Before something that cannot be undone: a dialog of its own says what will follow, and waits for yes or no.
import { useSyncExternalStore } from 'react';
import { type Key, t } from '../app/texts';
import { Button, Dialog } from './parts';

type Question = { title: string; words: string; yes: string; tone: 'main' | 'danger' };
type Open = Question & { answer: (yes: boolean) => void };

const listeners = new Set<() => void>();
let open: Open | null = null;

function become(next: Open | null): void {
  open = next;
  for (const listener of listeners) listener();
}

/** Asks before `title` is done; `words` says what follows from it. */
export function sure(
  title: string,
  words: Key,
  { places = {}, tone = 'main' }: { places?: Record<string, string | number>; tone?: 'main' | 'danger' } = {},
): Promise<boolean> {
  // A question that was never answered is answered by the next one.
  open?.answer(false);
  return new Promise((done) => {
    const answer = (yes: boolean) => {
      become(null);
      done(yes);
    };
    become({ title, words: t(words, places), yes: t('officer.confirm'), tone, answer });
  });
}

/** Where questions are shown, once around all pages. */
export function Sure() {
  const asked = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  if (!asked) return null;
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)}>
      <p>{asked.words}</p>
      <div className="tools">
        <Button kind={asked.tone} onClick={() => asked.answer(true)}>
          {asked.yes}
        </Button>
        <Button onClick={() => asked.answer(false)}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
