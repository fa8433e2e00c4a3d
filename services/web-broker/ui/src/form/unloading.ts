// Unloading remarks (IE044): the consignment as the permission (IE043) has it is filled in, and only what was found otherwise is reported.
import type { Finding } from '../api/graphql';
import type { Definition, Element } from './catalogue';
import { project } from './follow-up';
import { groups, isTree, put, type Tree, text, type Value } from './tree';

/** What tells an occurrence from its like in both messages. */
const NUMBERS = ['declarationGoodsItemNumber', 'goodsItemNumber', 'sequenceNumber'];

function numberOf(tree: Tree): string {
  return NUMBERS.map((name) => text(tree, [name])).find(Boolean) ?? '';
}

function listed(value: Value | undefined): readonly Tree[] {
  if (value === undefined || typeof value === 'string') return [];
  return isTree(value) ? [value] : (value as readonly Tree[]);
}

/** The part of the permission that remarks can speak of. */
export function permitted(definition: Definition, permission: Tree): Tree {
  const consignment = definition.root.byName.get('Consignment');
  const told = permission.Consignment;
  return consignment && isTree(told) ? numbered(consignment, project(consignment, told)) : {};
}

/** Whether seals were to be looked at: only then is their state told (C0440). */
export function hadSeals(permission: Tree): boolean {
  return groups(permission, ['Consignment', 'TransportEquipment']).some(
    (one) => Number(text(one, ['numberOfSeals'])) > 0,
  );
}

/** Every occurrence with a number; what was found besides gets the next one. */
function numbered(element: Element, tree: Tree): Tree {
  const out = withinLike(element, tree);
  const houses = groups(out, ['HouseConsignment']);
  // Among all items of the declaration, whichever house consignment they belong to.
  const items = withNumbers(
    houses.flatMap((house) => groups(house, ['ConsignmentItem'])),
    ['declarationGoodsItemNumber'],
  );
  let first = 0;
  const counted = houses.map((house) => {
    const { length } = groups(house, ['ConsignmentItem']);
    first += length;
    return length > 0 ? { ...house, ConsignmentItem: items.slice(first - length, first) } : house;
  });
  return counted.length > 0 ? { ...out, HouseConsignment: counted } : out;
}

/** Numbers among the occurrences of one group. */
function withinLike(element: Element, tree: Tree): Tree {
  let out = tree;
  for (const child of element.children) {
    if (!child.field.group || out[child.field.name] === undefined) continue;
    const list = listed(out[child.field.name]).map((one) => withinLike(child, one));
    const names = ['goodsItemNumber', 'sequenceNumber'].filter((name) => child.byName.has(name));
    out = { ...out, [child.field.name]: child.field.max > 1 ? withNumbers(list, names) : (list[0] ?? {}) };
  }
  return out;
}

function withNumbers(list: readonly Tree[], names: readonly string[]): readonly Tree[] {
  return names.reduce<readonly Tree[]>((told, name) => {
    let last = Math.max(0, ...told.map((one) => Number(text(one, [name])) || 0));
    return told.map((one) => {
      if (text(one, [name])) return one;
      last += 1;
      return { ...one, [name]: String(last) };
    });
  }, list);
}

/** The remarks as they are sent: of the consignment, what differs from what was permitted, under its numbers, and that it does. */
export function reported(definition: Definition, was: Tree, remarks: Tree): Tree {
  const consignment = definition.root.byName.get('Consignment');
  const is = remarks.Consignment;
  if (!consignment || !isTree(is)) return remarks;
  const found = differing(consignment, was, sealed(numbered(consignment, is)));
  if (!found) return put(remarks, ['Consignment'], undefined);
  return put(put(remarks, ['Consignment'], found), ['UnloadingRemark', 'conform'], '0');
}

/** Seals are counted where they are told. */
function sealed(consignment: Tree): Tree {
  const equipment = listed(consignment.TransportEquipment).map((one) =>
    one.Seal === undefined ? one : { ...one, numberOfSeals: String(listed(one.Seal).length) },
  );
  return equipment.length > 0 ? { ...consignment, TransportEquipment: equipment } : consignment;
}

/** What of a group was found otherwise, with the values that it cannot go without; nothing where all is as it was. */
function differing(element: Element, was: Tree, is: Tree): Tree | null {
  const found: Record<string, Value> = {};
  for (const child of element.children) {
    const { name, group, max } = child.field;
    const now = is[name];
    if (now === undefined) continue;
    if (!group) {
      if (typeof now === 'string' && now.trim() && now !== text(was, [name])) found[name] = now;
      continue;
    }
    const before = new Map(listed(was[name]).map((one) => [max > 1 ? numberOf(one) : '', one]));
    const inner = listed(now).flatMap((one): readonly Tree[] => {
      const old = before.get(max > 1 ? numberOf(one) : '');
      const told = differing(child, old ?? {}, one);
      return told ? [told] : [];
    });
    if (inner.length > 0) found[name] = max > 1 ? (inner as readonly Tree[]) : (inner[0] as Tree);
  }
  if (Object.keys(found).length === 0) return null;
  const kept = element.children.filter(({ field }) => !field.group && field.min > 0);
  for (const { field } of kept)
    if (typeof is[field.name] === 'string') found[field.name] ??= is[field.name] as string;
  return found;
}

/** The whole consignment again, from remarks that were sent: what they report, in the place of what was permitted. */
export function overlaid(was: Tree, told: Tree): Tree {
  const out: Record<string, Value> = { ...was };
  for (const [name, value] of Object.entries(told)) {
    if (typeof value === 'string') out[name] = value;
    else if (isTree(value)) out[name] = overlaid((was[name] as Tree | undefined) ?? {}, value);
    else {
      const list = [...listed(was[name])];
      for (const one of value as readonly Tree[]) {
        const place = list.findIndex((old) => numberOf(old) === numberOf(one));
        if (place < 0) list.push(one);
        else list[place] = overlaid(list[place] ?? {}, one);
      }
      out[name] = list;
    }
  }
  return out;
}

/** Errors in remarks as they were sent, at the places that the same occurrences have in the whole. */
export function relocated(sent: Tree, whole: Tree, errors: readonly Finding[]): readonly Finding[] {
  return errors.map((error) => ({ ...error, pointer: error.pointer && moved(sent, whole, error.pointer) }));
}

function moved(sent: Tree, whole: Tree, pointer: string): string {
  let [here, there]: Array<Tree | undefined> = [sent, whole];
  const [, root = '', ...parts] = pointer.split('/');
  const out = parts.map((part) => {
    const [, name = part, place] = /^(?:\w+:)?(\w+)(?:\[(\d+)\])?$/.exec(part) ?? [];
    const repeats = Array.isArray(there?.[name]);
    here = listed(here?.[name])[Number(place ?? 1) - 1];
    const number = here && numberOf(here);
    const others = listed(there?.[name]);
    const at = number ? others.findIndex((other) => numberOf(other) === number) : others.length > 0 ? 0 : -1;
    there = others[at];
    return repeats && at >= 0 ? `${name}[${at + 1}]` : part;
  });
  return ['', root, ...out].join('/');
}
