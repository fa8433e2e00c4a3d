// Who is signed in: the token in this tab, renewed while it lasts, and the key that stays in the memory of the page.
import { useSyncExternalStore } from 'react';
import { ask, onSessionEnd, tokenFrom } from '../api/graphql';
import {
  CloseSession,
  OpenProviderSession,
  OpenSession,
  RenewSession,
  RequestChallenge,
  type SessionParts,
} from '../generated/documents';
import type { Signer } from '../signing';
import { farewell, personOf, welcome } from './kept';

export type Session = SessionParts & { name: string; renewAt: number };
export type State = { session: Session | null; ended: boolean };

const KEPT = 'ecustoms.session';
const listeners = new Set<() => void>();
let state: State = { session: kept(), ended: false };
let signer: Signer | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function kept(): Session | null {
  try {
    const session = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Session | null;
    return session && Date.parse(session.renewableUntil) > Date.now() ? session : null;
  } catch {
    return null;
  }
}

function become(next: State): void {
  state = next;
  if (next.session) sessionStorage.setItem(KEPT, JSON.stringify(next.session));
  else sessionStorage.removeItem(KEPT);
  for (const listener of listeners) listener();
}

function hold(parts: SessionParts, name: string): void {
  welcome(personOf(parts));
  become({ session: { ...parts, name, renewAt: Date.now() + parts.expiresIn * 800 }, ended: false });
  plan();
}

function plan(): void {
  clearTimeout(timer);
  const { session } = state;
  if (session) timer = setTimeout(renew, Math.max(session.renewAt - Date.now(), 0));
}

async function renew(): Promise<void> {
  const { session } = state;
  if (!session) return;
  try {
    const { renewSession } = await ask(RenewSession, {});
    hold(renewSession.session, session.name);
  } catch {
    // What is not renewed ends by itself; the next request says so.
    timer = setTimeout(renew, 20_000);
  }
}

tokenFrom(token);
onSessionEnd(() => {
  clearTimeout(timer);
  if (state.session && !state.ended) become({ ...state, ended: true });
});
if (state.session) plan();

export function token(): string | null {
  return state.ended ? null : (state.session?.accessToken ?? null);
}

export function useSession(): State {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** The opened key, while this page is open. */
export function currentSigner(): Signer | null {
  return signer;
}

export function holdSigner(opened: Signer): void {
  signer = opened;
}

/** Opens a session by signing a challenge; `organisation` is needed by who acts for several. */
export async function signIn(opened: Signer, organisation?: string): Promise<void> {
  // An ended token would be refused before the signature is looked at.
  if (state.session) become({ ...state, ended: true });
  const { requestChallenge } = await ask(RequestChallenge, {});
  const { challenge } = requestChallenge.challenge;
  const input = { challenge, signature: await opened.sign(challenge), organisation };
  const { openSession } = await ask(OpenSession, { input });
  signer = opened;
  hold(openSession.session, opened.name);
}

/** Opens a session by the ticket of an outside provider; a key is opened later, by who signs. */
export async function signInByTicket(input: {
  ticket: string;
  verifier: string;
  organisation?: string;
}): Promise<void> {
  if (state.session) become({ ...state, ended: true });
  const { openProviderSession } = await ask(OpenProviderSession, { input });
  signer = null;
  hold(openProviderSession.session, openProviderSession.session.name);
}

/** Lets a page that is left for sign-in elsewhere come back without the session of before. */
export function forgetKept(): void {
  sessionStorage.removeItem(KEPT);
}

/** Ends the session here, and at the outside provider where it began there; nothing that was begun stays in this browser. */
export async function signOut(): Promise<void> {
  clearTimeout(timer);
  const closed = await ask(CloseSession, {}).catch(() => undefined);
  signer = null;
  if (state.session) farewell(personOf(state.session));
  become({ session: null, ended: false });
  const elsewhere = closed?.closeSession.session.endSessionUrl;
  if (elsewhere) location.assign(elsewhere);
}
