// Which decisions about a movement are open to a person, and at which office.
import { has } from '../app/areas';
import type { Session } from '../app/session';
import type { MovementParts } from '../generated/documents';
import type { Decision } from './decision';
import { AT_DEPARTURE } from './decisions-departure';
import { IN_ENQUIRY } from './decisions-enquiry';
import { ON_THE_WAY } from './decisions-way';

const DECISIONS = [...AT_DEPARTURE, ...IN_ENQUIRY, ...ON_THE_WAY];

/** The decisions that a person may take about a movement now, each with the office at which they take it. */
export function open(
  session: Session,
  movement: MovementParts,
): Array<{ decision: Decision; office: string }> {
  const at = session.offices;
  const departure = has(session, 'officer-of-departure') && at.includes(movement.departureOffice);
  const bound = movement.offices.find(({ office, role }) => role === 'destination' && at.includes(office));
  const destination = has(session, 'officer-of-destination') ? bound?.office : undefined;
  const officer = ['officer-of-departure', 'officer-of-transit', 'officer-of-destination'].some((role) =>
    has(session, role),
  );
  const way = officer
    ? (movement.offices.find(({ office }) => at.includes(office))?.office ?? undefined)
    : undefined;
  const offices = {
    departure: departure ? movement.departureOffice : undefined,
    destination,
    'on-the-way': way,
    // Goods are diverted to an office that is not on their way yet.
    aside: way && at.find((one) => !movement.offices.some(({ office }) => office === one)),
  };
  return DECISIONS.filter(({ states }) => states.includes(movement.state)).flatMap((decision) => {
    const office = offices[decision.by];
    return office ? [{ decision, office }] : [];
  });
}
