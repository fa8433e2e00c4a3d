// Where something stands in a message: the element path of findings, the path in the tree, and the field on the page.
import type { Definition, Element } from './catalogue';
import type { Path } from './tree';

export type Place = { path: Path; element: Element };

/** Reads `/CC015C/Consignment/HouseConsignment[2]/grossMass`; what cannot be followed ends where it is still known. */
export function follow(definition: Definition, pointer: string): Place {
  let element = definition.root;
  const path: Array<string | number> = [];
  for (const part of pointer.split('/').filter(Boolean)) {
    const found = /^(?:\w+:)?(\w+)(?:\[(\d+)\])?$/.exec(part);
    const name = found?.[1] ?? '';
    if (path.length === 0 && name === definition.type) continue;
    const child = element.byName.get(name);
    if (!child) break;
    path.push(name);
    if (child.field.group && child.field.max > 1) path.push(Math.max(Number(found?.[2] ?? 1) - 1, 0));
    element = child;
  }
  return { path, element };
}

/** The id of a field or group on the page. */
export function idOf(path: Path): string {
  return `f-${path.join('.')}`;
}

/** The same place as a person reads it: labels from the outside in. */
export function spoken(definition: Definition, path: Path, say: (element: Element) => string): string {
  let element: Element | undefined = definition.root;
  const words: string[] = [];
  for (const part of path) {
    if (typeof part === 'number') {
      words[words.length - 1] += ` ${part + 1}`;
      continue;
    }
    element = element?.byName.get(part);
    if (element) words.push(say(element));
  }
  return words.join(' › ');
}
