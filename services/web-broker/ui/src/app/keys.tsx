// Shortcuts: single keys for who works by keyboard all day. They can be turned off, do nothing while somebody writes or a dialog is
// open, and are listed by `?` and by the button at the foot of the page.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, Dialog } from '../ui/parts';
import { type Key, t } from './texts';

/** What a key does; where it finds nothing to do it says `false` and the browser has the key. */
export type Shortcut = { keys: readonly string[]; text: Key; run: (key: string) => unknown };

const KEPT = 'ecustoms.keys';
const HELP = '?';
const tables = new Set<{ current: readonly Shortcut[] }>();
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

const on = () => localStorage.getItem(KEPT) !== 'off';

/** How many shortcuts the page has. */
const offered = () => [...tables].reduce((sum, { current }) => sum + current.length, 0);

/** Turns the shortcuts on or off, in this browser. */
function turn(wanted: boolean): void {
  localStorage.setItem(KEPT, wanted ? 'on' : 'off');
  tell();
}

/** Offers `shortcuts` while the page is shown. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    tables.add(latest);
    tell();
    return () => {
      tables.delete(latest);
      tell();
    };
  }, []);
}

const WRITING = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

/** Whether a key is meant for what has the focus, and not for the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return true;
  if (document.querySelector('dialog[open]')) return true;
  return event.target instanceof Element && event.target.closest(WRITING) !== null;
}

/** The list of the shortcuts of the page and the button for it; nothing where the page has none. */
export function ShortcutHelp() {
  const [open, setOpen] = useState(false);
  const enabled = useSyncExternalStore(subscribe, on);
  const number = useSyncExternalStore(subscribe, offered);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!on() || offered() === 0 || isTaken(event)) return;
      if (event.key === HELP) {
        event.preventDefault();
        setOpen(true);
        return;
      }
      for (const { current } of tables) {
        const found = current.find(({ keys }) => keys.includes(event.key));
        if (!found) continue;
        if (found.run(event.key) !== false) event.preventDefault();
        return;
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  if (number === 0) return null;
  const all = [...tables].flatMap(({ current }) => current);
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        {t('keys.title')}
      </Button>
      {open && (
        <Dialog title={t('keys.title')} onClose={() => setOpen(false)}>
          <dl className="facts keys">
            {all.map(({ keys, text }) => (
              <div key={text}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{NAMES[key] ?? key}</kbd>
                  ))}
                </dt>
                <dd>{t(text)}</dd>
              </div>
            ))}
            <div>
              <dt>
                <kbd>{HELP}</kbd>
              </dt>
              <dd>{t('keys.help')}</dd>
            </div>
          </dl>
          <span className="check">
            <input
              id="keys-on"
              type="checkbox"
              checked={enabled}
              onChange={(event) => turn(event.target.checked)}
            />
            <label htmlFor="keys-on">{t('keys.on')}</label>
          </span>
          <p className="small">{t('keys.words')}</p>
          <div className="tools">
            <Button onClick={() => setOpen(false)}>{t('close')}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

const NAMES: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Enter: 'Enter ↵' };

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
