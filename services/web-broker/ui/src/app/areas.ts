// Which areas there are for whom; an area that is not built is not here.
import type { Session } from './session';
import type { Key } from './texts';

export type Area = { href: string; title: Key };

const OFFICERS = ['officer-of-departure', 'officer-of-transit', 'officer-of-destination'];
const TRADERS = ['declarant', 'broker', 'carrier'];

const is = (session: Session, roles: readonly string[]) => session.roles.some((role) => roles.includes(role));

export const mayPropose = (session: Session) => is(session, ['guarantor', 'declarant']);
export const mayDeclare = (session: Session) => is(session, ['declarant', 'broker']);
export const mayArrive = (session: Session) => is(session, TRADERS);
export const isOfficer = (session: Session) => is(session, OFFICERS);
export const isGuarantor = (session: Session) => is(session, ['guarantor']);
export const isAdministrator = (session: Session) => is(session, ['administrator']);
export const mayBeNotified = (session: Session) => is(session, [...TRADERS, ...OFFICERS, 'guarantor']);
export const mayHaveWebhooks = (session: Session) => is(session, [...TRADERS, 'guarantor']);
export const has = (session: Session, role: string) => session.roles.includes(role);

/** What everybody may see, signed in or not. */
export const PUBLIC: readonly Area[] = [
  { href: '/', title: 'sign-in' },
  { href: '/public/follow', title: 'nav.follow' },
  { href: '/public/offices', title: 'nav.offices' },
  { href: '/public/publications', title: 'nav.publications' },
  { href: '/public/register', title: 'nav.register' },
];

/** The areas of a person, in the order of the day's work; those of everybody for who is not signed in. */
export function areas(session: Session | null): Area[] {
  if (!session) return [...PUBLIC];
  const found: Array<Area | false> = [
    isOfficer(session) && { href: '/desk/queue', title: 'nav.queue' },
    mayDeclare(session) && { href: '/desk', title: 'nav.desk' },
    is(session, [...TRADERS, ...OFFICERS]) && { href: '/desk/movements', title: 'nav.movements' },
    mayArrive(session) && { href: '/desk/arrivals', title: 'nav.arrivals' },
    is(session, ['declarant', 'broker', 'guarantor', ...OFFICERS]) && {
      href: '/desk/guarantees',
      title: 'nav.guarantees',
    },
    isAdministrator(session) && { href: '/desk/organisations', title: 'nav.organisations' },
    isAdministrator(session) && { href: '/desk/applications', title: 'nav.applications' },
    isAdministrator(session) && { href: '/desk/references', title: 'nav.references' },
    isAdministrator(session) && { href: '/desk/publish', title: 'nav.publish' },
    isAdministrator(session) && { href: '/desk/in-force', title: 'nav.in-force' },
    isAdministrator(session) &&
      !is(session, ['declarant', 'broker', 'guarantor', ...OFFICERS]) && {
        href: '/desk/guarantees',
        title: 'nav.guarantees',
      },
    isAdministrator(session) && { href: '/desk/dead-letters', title: 'nav.dead-letters' },
    is(session, [...TRADERS, ...OFFICERS, 'guarantor']) && {
      href: '/desk/organisation',
      title: 'nav.organisation',
    },
    mayHaveWebhooks(session) && { href: '/desk/systems', title: 'nav.systems' },
    (isOfficer(session) || isAdministrator(session)) && { href: '/desk/statistics', title: 'nav.statistics' },
    { href: '/desk/offices', title: 'nav.offices' },
    { href: '/desk/publications', title: 'nav.publications' },
    mayBeNotified(session) && { href: '/desk/notifications', title: 'nav.notifications' },
  ];
  return found.filter((area) => area !== false);
}

/** Where a person's work begins. */
export function home(session: Session): string {
  return areas(session)[0]?.href ?? '/desk/offices';
}
