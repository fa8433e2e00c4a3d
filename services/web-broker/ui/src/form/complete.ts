// What the page fills in by itself: numbers of occurrences, sums of masses, seals counted, the head of the message.
import type { Element } from './catalogue';
import { groups, put, type Tree, text, type Value } from './tree';

/** Values that nobody is asked for. */
export const AUTOMATIC = new Set([
  'messageSender',
  'messageRecipient',
  'preparationDateAndTime',
  'messageIdentification',
  'messageType',
  'correlationIdentifier',
  'sequenceNumber',
  'goodsItemNumber',
  'declarationGoodsItemNumber',
  'numberOfSeals',
]);

/** Whether the page fills this value in. */
export function isAutomatic(element: Element): boolean {
  const { name, path } = element.field;
  if (path.includes('GoodsReference') || path.includes('PreviousDocument')) return name === 'sequenceNumber';
  return AUTOMATIC.has(name);
}

const LOCAL = (at: Date) => at.toISOString().slice(0, 19);

/** The offices to which a message may be sent; the first that it names is its recipient. */
const RECIPIENTS = [
  'CustomsOfficeOfDeparture',
  'CustomsOfficeOfEnquiryAtDeparture',
  'CustomsOfficeOfDestinationActual',
];

export type Head = { sender: string; at: Date; fresh: boolean };

/** The message with everything that follows from the rest of it. */
export function complete(root: Element, tree: Tree, head: Head): Tree {
  const type = root.field.name;
  const office = RECIPIENTS.map((name) => text(tree, [name, 'referenceNumber'])).find(Boolean);
  const kept = (name: string, fill: string) => (head.fresh ? fill : text(tree, [name]) || fill);
  let next: Tree = {
    ...tree,
    messageSender: head.sender,
    messageRecipient: office ? `NTA.${office.slice(0, 2)}` : text(tree, ['messageRecipient']),
    preparationDateAndTime: kept('preparationDateAndTime', LOCAL(head.at)),
    messageIdentification: kept('messageIdentification', crypto.randomUUID().replaceAll('-', '')),
    messageType: type,
  };
  next = numbered(root, next, KEEPS_NUMBERS.has(type));
  if (type === 'CC015C' || type === 'CC013C') next = declared(next);
  return next;
}

/** Messages whose occurrences have the numbers of another message. */
const KEEPS_NUMBERS = new Set(['CC044C']);

function numbered(element: Element, tree: Tree, keeps: boolean): Tree {
  let out = tree;
  for (const child of element.children) {
    const { name, group } = child.field;
    const value = out[name];
    if (!group || value === undefined || typeof value === 'string') continue;
    const list = (Array.isArray(value) ? value : [value]) as readonly Tree[];
    const counts = child.field.max > 1 && child.byName.has('sequenceNumber');
    const next = list.map((one, place) => {
      const own = keeps && text(one, ['sequenceNumber']);
      return numbered(child, counts ? { ...one, sequenceNumber: own || String(place + 1) } : one, keeps);
    });
    out = { ...out, [name]: (Array.isArray(value) ? next : next[0]) as Value };
  }
  return out;
}

function declared(tree: Tree): Tree {
  let running = 0;
  const houses = groups(tree, ['Consignment', 'HouseConsignment']).map((house) => {
    const items = groups(house, ['ConsignmentItem']).map((item, place) => {
      running += 1;
      return { ...item, goodsItemNumber: String(place + 1), declarationGoodsItemNumber: String(running) };
    });
    if (items.length === 0) return house;
    const mass =
      text(house, ['grossMass']) ||
      sum(items.map((item) => text(item, ['Commodity', 'GoodsMeasure', 'grossMass'])));
    return { ...house, ConsignmentItem: items, ...(mass ? { grossMass: mass } : {}) };
  });
  let out = tree;
  if (houses.length > 0) {
    out = put(out, ['Consignment', 'HouseConsignment'], houses);
    const mass =
      text(tree, ['Consignment', 'grossMass']) || sum(houses.map((house) => text(house, ['grossMass'])));
    if (mass) out = put(out, ['Consignment', 'grossMass'], mass);
  }
  const equipment = groups(out, ['Consignment', 'TransportEquipment']).map((one) => ({
    ...one,
    numberOfSeals: String(groups(one, ['Seal']).length),
  }));
  return equipment.length > 0 ? put(out, ['Consignment', 'TransportEquipment'], equipment) : out;
}

/** The message without the sums that the page makes: what is counted must follow when an item is changed. */
export function uncounted(tree: Tree): Tree {
  const houses = groups(tree, ['Consignment', 'HouseConsignment']);
  if (houses.length === 0) return tree;
  const whole = text(tree, ['Consignment', 'grossMass']);
  const counted = (mass: string, parts: readonly string[]) => mass !== '' && sum([mass]) === sum(parts);
  const bare = houses.map((house) => {
    const items = groups(house, ['ConsignmentItem']);
    const masses = items.map((item) => text(item, ['Commodity', 'GoodsMeasure', 'grossMass']));
    return counted(text(house, ['grossMass']), masses) ? put(house, ['grossMass'], undefined) : house;
  });
  const out = put(tree, ['Consignment', 'HouseConsignment'], bare);
  const masses = houses.map((house) => text(house, ['grossMass']));
  return counted(whole, masses) ? put(out, ['Consignment', 'grossMass'], undefined) : out;
}

/** The exact sum of decimals; nothing where one of them is none. */
export function sum(decimals: readonly string[]): string {
  const PLACES = 6;
  let total = 0n;
  for (const decimal of decimals) {
    const found = /^(\d+)(?:[.,](\d{1,6}))?$/.exec(decimal.trim());
    if (!found) return '';
    total += BigInt((found[1] ?? '0') + (found[2] ?? '').padEnd(PLACES, '0'));
  }
  const digits = total.toString().padStart(PLACES + 1, '0');
  const part = digits.slice(-PLACES).replace(/0+$/, '');
  const whole = digits.slice(0, -PLACES);
  return part ? `${whole}.${part}` : whole;
}
