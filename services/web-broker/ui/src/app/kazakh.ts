// Dates, numbers and distances in time in Kazakh: browsers know the language by name, but Chromium has no words and no signs for it.

const MONTHS = [
  'қаң.',
  'ақп.',
  'нау.',
  'сәу.',
  'мам.',
  'мау.',
  'шіл.',
  'там.',
  'қыр.',
  'қаз.',
  'қар.',
  'жел.',
] as const;
const UNITS = { day: 'күн', hour: 'сағат', minute: 'минут' } as const;
/** After a unit, "in" is a case of its own. */
const AHEAD = { day: 'күннен', hour: 'сағаттан', minute: 'минуттан' } as const;

/** A locale that writes numbers and the time of day as Kazakh does. */
export const SAME_NUMBERS = 'ru-RU';

/** A day, such as 2026 ж. 30 қар. */
export function day(at: Date, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    timeZone,
  }).formatToParts(at);
  const number = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  return `${number('year')} ж. ${number('day')} ${MONTHS[number('month') - 1]}`;
}

/** How far away something is, ahead where `distance` is not negative. */
export function distant(distance: number, unit: keyof typeof UNITS): string {
  if (distance === 0) return unit === 'day' ? 'бүгін' : 'қазір';
  const size = Math.abs(distance);
  return distance < 0 ? `${size} ${UNITS[unit]} бұрын` : `${size} ${AHEAD[unit]} кейін`;
}
