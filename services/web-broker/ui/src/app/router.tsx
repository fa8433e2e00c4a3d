// Addresses of the pages: a table of patterns, links that do not reload, and the way back.
import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
/** Whether another page was gone to and its heading does not have the focus yet. */
let arriving = false;
window.addEventListener('popstate', () => {
  arriving = true;
  tell();
});

/** Tells once whether the page was come to from another one. */
export function arrived(): boolean {
  const told = arriving;
  arriving = false;
  return told;
}

/** Goes to another page; the page before stays behind it unless it is replaced. */
export function go(path: string, how: 'push' | 'replace' = 'push'): void {
  if (path === location.pathname + location.search) return;
  arriving = path.split('?')[0] !== location.pathname;
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', path);
  tell();
  if (how === 'push') window.scrollTo(0, 0);
}

/** The path and question of the present address. */
export function useAddress(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname + location.search,
  );
  const [path = '/', query = ''] = address.split('?');
  return { path, query: new URLSearchParams(query) };
}

/** The parts that `pattern` names (`/desk/drafts/:id`) in `path`; `null` where it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const found = path.replace(/\/$/, '').split('/');
  if (wanted.length !== found.length) return null;
  const parts: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const here = decodeURIComponent(found[at] ?? '');
    if (part.startsWith(':')) parts[part.slice(1)] = here;
    else if (part !== here) return null;
  }
  return parts;
}

/** A link within the pages. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    event.preventDefault();
    go(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
