// Sign-in by an outside provider: a secret that stays in this tab, the way there, and the ticket on the way back.
import { forgetKept } from './session';
import { currentLanguage } from './texts';

const KEPT = 'ecustoms.provider';

const base64url = (octets: Uint8Array) =>
  btoa(String.fromCharCode(...octets))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

/** Leaves for the provider by way of `start`; who comes back is led to `onward`. */
export async function leaveForProvider(start: string, onward: string | null): Promise<void> {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem(KEPT, secret);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  const query = new URLSearchParams({
    binding: base64url(new Uint8Array(digest)),
    language: currentLanguage(),
  });
  if (onward) query.set('to', onward);
  forgetKept();
  location.assign(`${start}?${query}`);
}

/** The ticket that came with the address, together with the secret of this tab; the address forgets it. */
export function takeTicket(): { ticket: string; verifier: string } | null {
  const ticket = /^#ticket=([\w-]+)$/.exec(location.hash)?.[1];
  if (!ticket) return null;
  history.replaceState(null, '', location.pathname + location.search);
  const verifier = sessionStorage.getItem(KEPT) ?? '';
  sessionStorage.removeItem(KEPT);
  // Whoever opens another's link has no secret: the suite refuses the ticket then.
  return { ticket, verifier: verifier || base64url(new Uint8Array(32)) };
}
