// A message as values in groups: never changed in place, so that what did not change need not be drawn again.

/** A value, a group, or the occurrences of a group that repeats. */
export type Value = string | Tree | readonly Tree[];
export type Tree = { readonly [name: string]: Value };
/** Names of groups, each with its place from 0 where it repeats, and a name in the end. */
export type Path = ReadonlyArray<string | number>;

export function isTree(value: Value | undefined): value is Tree {
  return typeof value === 'object' && !Array.isArray(value);
}

export function at(tree: Value | undefined, path: Path): Value | undefined {
  let here: unknown = tree;
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[part];
  }
  return here as Value | undefined;
}

export function text(tree: Value | undefined, path: Path): string {
  const found = at(tree, path);
  return typeof found === 'string' ? found : '';
}

export function groups(tree: Value | undefined, path: Path): readonly Tree[] {
  const found = at(tree, path);
  if (Array.isArray(found)) return found as readonly Tree[];
  return isTree(found) ? [found] : [];
}

/** The tree with `value` at `path`; `undefined` takes away what is there. */
export function put(tree: Tree, path: Path, value: Value | undefined): Tree {
  return replaced(tree, path, value) as Tree;
}

function replaced(here: Value | undefined, path: Path, value: Value | undefined): Value | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list = Array.isArray(here) ? [...(here as readonly Tree[])] : [];
    const inner = replaced(list[part], rest, value);
    if (inner === undefined) list.splice(part, 1);
    else list[part] = inner as Tree;
    for (let place = 0; place < list.length; place++) list[place] ??= {};
    return list.length > 0 ? list : undefined;
  }
  const group = isTree(here) ? here : {};
  const inner = replaced(group[part], rest, value);
  if (inner === group[part]) return group;
  const { [part]: _, ...others } = group;
  return inner === undefined ? others : { ...group, [part]: inner };
}

/** The tree without empty texts and groups. */
export function pruned(tree: Tree): Tree {
  const out: Record<string, Value> = {};
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') {
      if (value.trim()) out[name] = value.trim();
    } else if (Array.isArray(value)) {
      const kept = (value as readonly Tree[]).map(pruned).filter((one) => Object.keys(one).length > 0);
      if (kept.length > 0) out[name] = kept;
    } else {
      const kept = pruned(value as Tree);
      if (Object.keys(kept).length > 0) out[name] = kept;
    }
  }
  return out;
}

/** Whether nothing is said in a group. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined) return true;
  if (typeof value === 'string') return !value.trim();
  return Object.values(value).every((one) => isEmpty(one as Value));
}
