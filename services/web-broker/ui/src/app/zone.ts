// Wall clocks and instants: a message tells its times in UTC without saying so, people read and enter them by the clock of an office.

const forms = new Map<string, Intl.DateTimeFormat>();

function form(zone: string): Intl.DateTimeFormat {
  let found = forms.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    forms.set(zone, found);
  }
  return found;
}

/** The zone of this browser. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** `zone` where this browser knows it, else its own. */
export function knownZone(zone: string | null | undefined): string {
  if (!zone) return ownZone();
  try {
    form(zone);
    return zone;
  } catch {
    return ownZone();
  }
}

/** The wall clock of `zone` at an instant, as if it were UTC. */
function wall(at: number, zone: string): number {
  const parts = Object.fromEntries(
    form(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const bare = (at: number) => new Date(at).toISOString().slice(0, 19);

/** `2026-05-04T09:00:00` of UTC as the wall clock of `zone` shows it; nothing where it is no instant. */
export function toLocal(utc: string, zone: string): string {
  const at = Date.parse(`${utc.slice(0, 19)}Z`);
  return Number.isNaN(at) ? '' : bare(wall(at, zone));
}

/**
 * What the wall clock of `zone` shows as UTC, in the form of a message. An hour that strikes twice is the later one, as the suite
 * reads it; one that is left out is as far behind the last that was as it was entered.
 */
export function toUtc(local: string, zone: string): string {
  const told = Date.parse(`${local.slice(0, 19)}Z`);
  if (Number.isNaN(told)) return '';
  const DAY = 86_400_000;
  const distances = [told - DAY, told + DAY].map((at) => wall(at, zone) - at);
  const fits = distances.map((distance) => told - distance).filter((at) => wall(at, zone) === told);
  return bare(fits.length > 0 ? Math.max(...fits) : told - (distances[0] ?? 0));
}

/** The day in `zone` at an instant. */
export function dayIn(at: Date | number, zone = ownZone()): string {
  return bare(wall(Number(at), zone)).slice(0, 10);
}

/** Today, by the calendar of `zone`. */
export const today = (zone = ownZone()): string => dayIn(Date.now(), zone);

/** The last second of a day in `zone`, as an instant. */
export const endOf = (day: string, zone = ownZone()): string => `${toUtc(`${day}T23:59:59`, zone)}Z`;

/** The first second of a day in `zone`, as an instant. */
export const startOf = (day: string, zone = ownZone()): string => `${toUtc(`${day}T00:00:00`, zone)}Z`;
