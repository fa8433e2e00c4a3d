// In what two messages differ, and which occurrence of a group is which: what was put in or taken out does not mark the others.
import type { Definition, Element } from './catalogue';
import { isAutomatic } from './complete';
import { isTree, type Path, type Tree, type Value } from './tree';

/** The place of an occurrence before and after; without the one it was put in, without the other it was taken out. */
export type Pair = { was?: number; is?: number };

/** More comparisons than this are not worth the wait: what is left is compared in its order. */
const COMPARISONS_MOST = 250_000;
/** The part of the values in which two occurrences agree that are the same one, changed. */
const ALIKE = 0.5;

/** The occurrences in the order of now, followed by those that are gone. */
export function aligned(element: Element, was: readonly Tree[], is: readonly Tree[]): Pair[] {
  const before = was.map((one) => new Set(leaves(element, one)));
  const after = is.map((one) => new Set(leaves(element, one)));
  const found = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (now: number, old: number) => {
    found.set(now, old);
    taken.add(old);
  };
  const left = {
    is: () => after.flatMap((_, now) => (found.has(now) ? [] : [now])),
    was: () => before.flatMap((_, old) => (taken.has(old) ? [] : [old])),
  };
  // First those that have not changed at all, each at its place where it can be.
  const places = new Map<string, number[]>();
  before.forEach((one, old) => {
    const key = [...one].sort().join('\n');
    places.set(key, [...(places.get(key) ?? []), old]);
  });
  after.forEach((one, now) => {
    const same = places.get([...one].sort().join('\n'));
    if (!same?.length) return;
    const at = Math.max(same.indexOf(now), 0);
    pair(now, same.splice(at, 1)[0] as number);
  });
  // Then those that are most alike.
  const [olds, nows] = [left.was(), left.is()];
  if (olds.length * nows.length <= COMPARISONS_MOST) {
    const pairs = nows.flatMap((now) =>
      olds.map((old) => ({ now, old, score: alike(before[old], after[now]) })),
    );
    const best = pairs.filter(({ score }) => score >= ALIKE);
    best.sort((one, other) => other.score - one.score || distance(one) - distance(other));
    for (const { now, old } of best) if (!found.has(now) && !taken.has(old)) pair(now, old);
  }
  // What is left has nothing in common but its order.
  const rest = left.was();
  for (const now of left.is()) {
    const old = rest.shift();
    if (old !== undefined) pair(now, old);
  }
  return [...after.map((_, now) => ({ is: now, was: found.get(now) })), ...rest.map((old) => ({ was: old }))];
}

const distance = ({ now, old }: { now: number; old: number }) => Math.abs(now - old);

function alike(one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()): number {
  if (one.size === 0 || other.size === 0) return 0;
  const common = [...one].filter((leaf) => other.has(leaf)).length;
  return common / Math.max(one.size, other.size);
}

/** Every value of an occurrence with the way to it, but for those that the page fills in. */
function leaves(element: Element, tree: Tree, way = ''): string[] {
  return element.children.flatMap((child) => {
    const value: Value | undefined = tree[child.field.name];
    const here = `${way}/${child.field.name}`;
    if (value === undefined || isAutomatic(child)) return [];
    if (typeof value === 'string') return value.trim() ? [`${here}=${value.trim()}`] : [];
    const list = (isTree(value) ? [value] : value) as readonly Tree[];
    return list.flatMap((one, at) => leaves(child, one, `${here}[${at}]`));
  });
}

export type Change = { path: Path; was: string; is: string };

/** The values in which `is` differs from `was`, but for those that the page fills in; occurrences are compared with their own like. */
export function changes(definition: Definition, was: Tree, is: Tree): Change[] {
  const found: Change[] = [];
  const walk = (element: Element, before: Tree, after: Tree, path: Path) => {
    for (const child of element.children) {
      const { name, group, max } = child.field;
      const [one, other] = [before[name], after[name]];
      if (!group) {
        const [old, now] = [typeof one === 'string' ? one : '', typeof other === 'string' ? other : ''];
        if (old !== now && !isAutomatic(child)) found.push({ path: [...path, name], was: old, is: now });
        continue;
      }
      const [olds, nows] = [listed(one), listed(other)];
      for (const pair of aligned(child, olds, nows)) {
        const here = max > 1 ? [...path, name, pair.is ?? pair.was ?? 0] : [...path, name];
        walk(child, olds[pair.was ?? -1] ?? {}, nows[pair.is ?? -1] ?? {}, here);
      }
    }
  };
  walk(definition.root, was, is, []);
  return found;
}

function listed(value: Value | undefined): readonly Tree[] {
  if (value === undefined || typeof value === 'string') return [];
  return (Array.isArray(value) ? value : [value]) as readonly Tree[];
}
