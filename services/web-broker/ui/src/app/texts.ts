// Texts in the reader's language, and how dates, numbers and amounts are written in it.
import { useSyncExternalStore } from 'react';
import type { Key } from '../generated/keys';
import * as kazakh from './kazakh';
import { dayIn } from './zone';

export type { Key };
export type Language = 'en' | 'ru' | 'kk';
export const LANGUAGES: ReadonlyArray<{ code: Language; name: string }> = [
  { code: 'en', name: 'English' },
  { code: 'ru', name: 'Русский' },
  { code: 'kk', name: 'Қазақша' },
];

type Table = Readonly<Record<Key, string>>;
const tables: Record<Language, () => Promise<{ texts: Table }>> = {
  en: () => import('../generated/en'),
  ru: () => import('../generated/ru'),
  kk: () => import('../generated/kk'),
};

const KEPT = 'ecustoms.language';
const listeners = new Set<() => void>();
let language: Language = 'en';
let table = {} as Table;

function preferred(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? '', ...navigator.languages];
  const found = wanted.map((one) => LANGUAGES.find(({ code }) => one.startsWith(code))).find(Boolean);
  return found?.code ?? 'en';
}

/** Loads the texts of `wanted`, or of the language preferred so far, and shows them. */
export async function speak(wanted: Language = preferred()): Promise<void> {
  table = (await tables[wanted]()).texts;
  language = wanted;
  localStorage.setItem(KEPT, wanted);
  document.documentElement.lang = wanted;
  for (const listener of listeners) listener();
}

export function currentLanguage(): Language {
  return language;
}

/** The language, told again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

/** The text of `key` with its places filled. */
export function t(key: Key, places: Readonly<Record<string, string | number>> = {}): string {
  return (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(places[name] ?? ''));
}

/** The text for a word of the suite, such as a state; the word itself where it is not known. */
export function word(family: string, name: string): string {
  return (table as Record<string, string>)[`${family}.${name}`] ?? name;
}

/** Whether there is a text for a word of the suite. */
export function knows(family: string, name: string): boolean {
  return `${family}.${name}` in table;
}

const LOCALES: Record<Language, string> = { en: 'en-GB', ru: 'ru-RU', kk: kazakh.SAME_NUMBERS };

/** An instant in the reader's own time, which the foot of the page names, or in `timeZone`. */
export function instant(at: string | null | undefined, timeZone?: string): string {
  if (!at) return '';
  if (language === 'kk') return `${kazakh.day(new Date(at), timeZone)} ${time(at, 'short', timeZone)}`;
  const form = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(LOCALES[language], form).format(new Date(at));
}

/** The zone in which times are told, or `timeZone`, by its name and its distance from UTC at an instant. */
export function zone(timeZone?: string, at = new Date()): string {
  const form = new Intl.DateTimeFormat(LOCALES[language], { timeZoneName: 'shortOffset', timeZone });
  const offset = form.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
  const name = form.resolvedOptions().timeZone;
  return [name, offset === name ? '' : offset].filter(Boolean).join(', ');
}

/** A day without a time; the day of an instant is that of the reader's own zone. */
export function day(on: string | null | undefined): string {
  if (!on) return '';
  const at = new Date(`${on.includes('T') ? dayIn(new Date(on)) : on.slice(0, 10)}T00:00:00Z`);
  if (language === 'kk') return kazakh.day(at, 'UTC');
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

/** The time of day of an instant, to the second. */
export const clock = (at: string) => time(at, 'medium');

function time(at: string, timeStyle: 'short' | 'medium', timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeStyle, timeZone }).format(new Date(at));
}

/** How long ago or ahead an instant is, in the greatest whole unit. */
export function ago(at: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const form = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: 'auto' });
  const told = (distance: number, unit: (typeof units)[number][0]) =>
    language === 'kk' ? kazakh.distant(distance, unit) : form.format(distance, unit);
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return told(Math.trunc(seconds / size), unit);
  }
  return told(0, 'minute');
}

export function count(number: number): string {
  return new Intl.NumberFormat(LOCALES[language]).format(number);
}

/** An exact amount with its currency: the digits are those of the suite, never of a float. */
export function money(amount: { amount: string; currency: string } | null | undefined): string {
  if (!amount) return '';
  const [whole = '0', part] = amount.amount.split('.');
  const digits = new Intl.NumberFormat(LOCALES[language]).format(BigInt(whole));
  const point = language === 'en' ? '.' : ',';
  return `${digits}${part ? point + part : ''} ${amount.currency}`;
}

/** The label of a code or office in the reader's language, else in English, else any. */
export function label(labels: ReadonlyArray<{ language: string; text: string }>): string {
  const own = labels.find((one) => one.language.toLowerCase() === language);
  const english = labels.find((one) => one.language.toLowerCase() === 'en');
  return (own ?? english ?? labels[0])?.text ?? '';
}
