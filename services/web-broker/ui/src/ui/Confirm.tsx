// Asks once more before something that cannot be taken back, and says what will happen.
import { type ReactNode, useSyncExternalStore } from 'react';
import { type Key, t } from '../app/texts';
import { Button, Dialog } from './parts';

/** A dialog in the language of the page, in which nothing happens by itself. */
export function Confirm({
  title,
  words,
  action,
  danger = false,
  busy = false,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  /** What will happen. */
  words: string;
  /** What the button says that does it. */
  action: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{words}</p>
      {children}
      <div className="tools">
        <Button kind={danger ? 'danger' : 'main'} busy={busy} onClick={onConfirm}>
          {action}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}

type Question = { title: string; words: string; danger: boolean; answer: (yes: boolean) => void };

const listeners = new Set<() => void>();
let open: Question | null = null;

function become(next: Question | null): void {
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
    become({ title, words: t(words, places), danger: tone === 'danger', answer });
  });
}

/** Where questions are shown, once around all pages. */
export function Questions() {
  const asked = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
  if (!asked) return null;
  return (
    <Confirm
      title={asked.title}
      words={asked.words}
      action={t('officer.confirm')}
      danger={asked.danger}
      onConfirm={() => asked.answer(true)}
      onClose={() => asked.answer(false)}
    />
  );
}
