// By whose clock a date-time of a message is told: that of the office it concerns, where one is named whose zone is known.
import { createContext, useContext, useEffect, useState } from 'react';
import { officeZone } from '../api/codes';
import { knownZone, ownZone } from '../app/zone';
import { at, type Path, type Tree, text } from './tree';

/** The message in which a field stands. */
export const TreeContext = createContext<Tree>({});

/** The office that a message is about, the first that it names. */
const OFFICES = [
  'CustomsOfficeOfIncidentRegistration',
  'CustomsOfficeOfDestinationActual',
  'CustomsOfficeOfDeparture',
  'CustomsOfficeOfEnquiryAtDeparture',
];
const OFFICE = /^[A-Z]{2}[A-Z0-9]{6}$/;

/** The office that a group names; nothing where it names none. */
export function officeIn(group: Tree | undefined): string {
  const named = text(group, ['referenceNumber']);
  return OFFICE.test(named) ? named : '';
}

/** The office that a value at `path` concerns: of the group around it, else of the message; nothing where none is named. */
export function officeOf(tree: Tree, path: Path): string {
  for (let length = path.length - 1; length > 0; length--) {
    const named = officeIn(at(tree, path.slice(0, length)) as Tree | undefined);
    if (named) return named;
  }
  return OFFICES.map((name) => officeIn(tree[name] as Tree | undefined)).find(Boolean) ?? '';
}

/** What the head of a message says is of the systems, whose clock is UTC. */
const UTC = new Set(['preparationDateAndTime']);

/** The zone in which a value is shown and entered; `null` until it is known. */
export function useZone(name: string, office: string): string | null {
  const utc = UTC.has(name);
  const [found, setFound] = useState<{ office: string; zone: string } | null>(null);
  useEffect(() => {
    if (!office || utc) return;
    let over = false;
    const told = (zone: string | null) => !over && setFound({ office, zone: knownZone(zone) });
    officeZone(office).then(told, () => told(null));
    return () => {
      over = true;
    };
  }, [office, utc]);
  if (utc) return 'UTC';
  if (!office) return ownZone();
  return found?.office === office ? found.zone : null;
}

/** The zone of the value at `path` of the message around. */
export function useZoneAt(name: string, path: Path): string | null {
  return useZone(name, officeOf(useContext(TreeContext), path));
}
