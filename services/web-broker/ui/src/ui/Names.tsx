// Codes with their names: offices, organisations and entries of code lists, asked for together and kept while the page is open.
import { useEffect, useSyncExternalStore } from 'react';
import { ask } from '../api/graphql';
import { label, useLanguage } from '../app/texts';
import { OneParty, SelectedCodes, SelectedOffices } from '../generated/documents';

type Labels = ReadonlyArray<{ language: string; text: string }>;
type Find = (codes: readonly string[]) => Promise<ReadonlyArray<readonly [string, Labels]>>;

const TOGETHER = 50;
const names = new Map<string, Labels>();
const wanted = new Map<string, Set<string>>();
const listeners = new Set<() => void>();
let told = 0;

const SELECTED: Find = async (ids) => {
  const { selectedOffices } = await ask(SelectedOffices, { ids });
  return selectedOffices.map((one) => [one.id, one.names] as const);
};
const PARTIES: Find = (numbers) =>
  Promise.all(
    numbers.map(async (eori) => {
      const name = await ask(OneParty, { eori }).then(
        ({ party }) => party.name,
        // Who is in no register has no name; the number stands by itself.
        () => '',
      );
      return [eori, name ? [{ language: '', text: name }] : []] as const;
    }),
  );
const entries =
  (list: string): Find =>
  async (codes) => {
    const { selectedCodes } = await ask(SelectedCodes, { list, codes });
    return selectedCodes.map((one) => [one.code, one.labels] as const);
  };
const finder = (family: string): Find =>
  family === 'office' ? SELECTED : family === 'party' ? PARTIES : entries(family);

/** Asks for what is wanted of a family, once everything that is shown has said what it wants. */
async function fetchWanted(family: string): Promise<void> {
  const codes = [...(wanted.get(family) ?? [])];
  wanted.delete(family);
  for (let at = 0; at < codes.length; at += TOGETHER) {
    const some = codes.slice(at, at + TOGETHER);
    const found = new Map(await finder(family)(some).catch(() => []));
    for (const code of some) names.set(`${family}/${code}`, found.get(code) ?? []);
  }
  told += 1;
  for (const listener of listeners) listener();
}

function want(family: string, code: string): void {
  if (names.has(`${family}/${code}`)) return;
  const waiting = wanted.get(family);
  if (waiting) waiting.add(code);
  else {
    wanted.set(family, new Set([code]));
    queueMicrotask(() => fetchWanted(family));
  }
}

/** The name of a code of a family: `office`, `party` or a code list; empty until it is known, and where there is none. */
export function useName(family: string, code: string | null | undefined): string {
  useLanguage();
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => told,
  );
  useEffect(() => {
    if (code) want(family, code);
  }, [family, code]);
  return code ? label(names.get(`${family}/${code}`) ?? []) : '';
}

type Props = { family?: string; code: string | null | undefined };

/** A code and, in small letters below it, its name. */
export function Named({ family = 'office', code }: Props) {
  if (!code) return null;
  return (
    <>
      {code}
      <NameOf family={family} code={code} />
    </>
  );
}

/** The name of a code, in small letters. */
export function NameOf({ family = 'office', code }: Props) {
  const name = useName(family, code);
  return name ? <div className="small">{name}</div> : null;
}

/** A code and its name on one line. */
export function NamedInline({ family = 'office', code }: Props) {
  const name = useName(family, code);
  if (!code) return null;
  return (
    <>
      {code}
      {name && <span className="small"> {name}</span>}
    </>
  );
}

/** From which office to which, with their names. */
export function RouteOf({ from, to }: { from: string; to: string }) {
  const names = [useName('office', from), useName('office', to)].filter(Boolean);
  return (
    <>
      {from} → {to}
      {names.length > 0 && <div className="small">{names.join(' → ')}</div>}
    </>
  );
}

/** How each of some offices is told in a choice: its number and its name. */
export function useOfficeNames(ids: readonly string[]): (id: string) => string {
  useName('office', ids[0]);
  const all = ids.join();
  useEffect(() => {
    for (const id of all.split(',').filter(Boolean)) want('office', id);
  }, [all]);
  return (id) => [id, label(names.get(`office/${id}`) ?? [])].filter(Boolean).join(' – ');
}
