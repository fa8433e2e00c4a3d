// How a new declaration begins: what nearly everybody would enter is there already.
import type { Session } from '../app/session';
import { word } from '../app/texts';
import { type Path, put, type Tree, text } from './tree';

/** A local reference number that nobody has used: the day, and chance. */
export function freshLrn(): string {
  const day = new Date().toISOString().slice(2, 10).replaceAll('-', '');
  const octets = crypto.getRandomValues(new Uint8Array(5));
  return `${day}${Array.from(octets, (octet) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[octet % 32]).join('')}`;
}

/** A transit declaration with nothing but what is usual. */
export function newDeclaration(session: Session): Tree {
  const broker = session.roles.includes('broker');
  const own: Tree = { identificationNumber: session.party };
  return {
    TransitOperation: {
      LRN: freshLrn(),
      declarationType: 'T1',
      additionalDeclarationType: 'A',
      security: '0',
      reducedDatasetIndicator: '0',
      bindingItinerary: '0',
    },
    ...(broker
      ? { Representative: { identificationNumber: session.party, status: '2' } }
      : { HolderOfTheTransitProcedure: own }),
    Guarantee: [{ guaranteeType: '1' }],
    Consignment: {
      containerIndicator: '0',
      inlandModeOfTransport: '3',
      ...(broker ? {} : { Consignor: own }),
    },
  };
}

/** What follows from a value that was just entered, where nothing was said about it yet. */
export function suggested(tree: Tree, path: string, value: string): Tree {
  const country = value.slice(0, 2);
  if (value.length === 8 && path === 'CustomsOfficeOfDeparture.referenceNumber') {
    let next = filled(tree, ['Consignment', 'countryOfDispatch'], country);
    next = filled(next, ['Consignment', 'PlaceOfLoading', 'country'], country);
    if (!text(next, ['Consignment', 'LocationOfGoods', 'typeOfLocation'])) {
      next = put(next, ['Consignment', 'LocationOfGoods'], {
        typeOfLocation: 'A',
        qualifierOfIdentification: 'V',
        CustomsOffice: { referenceNumber: value },
      });
    }
    return next;
  }
  if (value.length === 8 && path === 'CustomsOfficeOfDestinationDeclared.referenceNumber') {
    return filled(tree, ['Consignment', 'countryOfDestination'], country);
  }
  if (value.length === 8 && path === 'CustomsOfficeOfDestinationActual.referenceNumber') {
    const place = ['Consignment', 'LocationOfGoods'];
    const atOffice = text(tree, [...place, 'qualifierOfIdentification']) === 'V';
    return atOffice ? filled(tree, [...place, 'CustomsOffice', 'referenceNumber'], value) : tree;
  }
  const [name = '', group = ''] = path.split('.').reverse();
  const beside = (...more: string[]) => [...around(path), ...more];
  if (name === 'accessCode' || name === 'GRN') return filled(tree, beside('currency'), 'EUR');
  // Most consignees are where the goods go, most consignors where they come from.
  const there = { Consignee: 'countryOfDestination', Consignor: 'countryOfDispatch' }[group];
  if (name === 'name' && there)
    return filled(tree, beside('Address', 'country'), text(tree, ['Consignment', there]));
  const byRoad = text(tree, ['Consignment', 'inlandModeOfTransport']) === '3';
  if (byRoad && name === 'identificationNumber' && path.includes('DepartureTransportMeans.'))
    return filled(tree, beside('typeOfIdentification'), ROAD_VEHICLE);
  return tree;
}

/** The number of a road vehicle, in the list of kinds of identification. */
const ROAD_VEHICLE = '30';

/** The tree with `value` where nothing is said yet. */
function filled(tree: Tree, at: Path, value: string): Tree {
  return !value || text(tree, at) ? tree : put(tree, at, value);
}

/** The way to the group in which a field stands. */
function around(path: string): Path {
  return path
    .split('.')
    .slice(0, -1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** How a draft is called until somebody calls it otherwise. */
export function titleOf(tree: Tree, type: string): string {
  const lrn = text(tree, ['TransitOperation', 'LRN']);
  const mrn = text(tree, ['TransitOperation', 'MRN']);
  return `${word('message', type)} ${lrn || mrn}`.trim().slice(0, 200);
}
