// What was begun and is not sent yet, kept in this browser for the person who began it: by person and place, for a month at most.

const PREFIX = 'ecustoms.kept.';
const LIFE_MS = 30 * 86_400_000;
type Entry = { at: number; value: unknown };

/** People who have signed out in this tab: a page that is just closing keeps nothing more of theirs. */
const gone = new Set<string>();
/** What saves by itself, and is given the time to before somebody signs out. */
const settling = new Set<() => Promise<unknown>>();
const SETTLE_MS = 3_000;

/** Under whom something is kept: a person, acting for one organisation. */
export function personOf(session: { subject: string; party: string } | null): string {
  return session ? `${session.subject}.${session.party}` : 'nobody';
}

const nameOf = (person: string, place: string) => `${PREFIX}${person}/${place}`;

function read(name: string): Entry | null {
  try {
    const entry = JSON.parse(localStorage.getItem(name) ?? 'null') as Entry | null;
    return entry && typeof entry.at === 'number' && Date.now() - entry.at < LIFE_MS ? entry : null;
  } catch {
    return null;
  }
}

/** What is kept of a place; `null` where nothing is. */
export function recall<T>(person: string, place: string): T | null {
  return (read(nameOf(person, place))?.value as T | undefined) ?? null;
}

/** Keeps `value` at once. */
export function keep(person: string, place: string, value: unknown): void {
  if (gone.has(person)) return;
  try {
    localStorage.setItem(nameOf(person, place), JSON.stringify({ at: Date.now(), value } satisfies Entry));
  } catch {
    // A browser without room keeps nothing; what is saved at the suite is not concerned.
  }
}

/** Forgets what is kept of a place. */
export function forget(person: string, place: string): void {
  localStorage.removeItem(nameOf(person, place));
}

function names(begin: string): string[] {
  const all = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '');
  return all.filter((name) => name.startsWith(begin));
}

/** How many places of a person are unfinished. */
export function unfinished(person: string): number {
  return names(nameOf(person, '')).filter((name) => read(name)).length;
}

/** The person signs out: nothing of theirs stays in this browser. */
export function farewell(person: string): void {
  gone.add(person);
  for (const name of names(nameOf(person, ''))) localStorage.removeItem(name);
}

/** The person is signed in; what has served its time, whoever left it, is thrown away. */
export function welcome(person: string): void {
  gone.delete(person);
  for (const name of names(PREFIX)) if (!read(name)) localStorage.removeItem(name);
}

/** Calls `save` before somebody signs out, until the answer is called. */
export function settles(save: () => Promise<unknown>): () => void {
  settling.add(save);
  return () => settling.delete(save);
}

/** Lets everything that saves by itself do so, for a moment. */
export async function settled(): Promise<void> {
  const saved = Promise.allSettled([...settling].map((save) => save()));
  await Promise.race([saved, new Promise((done) => setTimeout(done, SETTLE_MS))]);
}
