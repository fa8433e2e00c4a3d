// The public JSON form of a message: numbers keep every digit, in both directions.
import type { Element, Phase } from './catalogue';
import type { Tree, Value } from './tree';

export type Message = { type: string; phase: Phase; tree: Tree };

const PHASES: Readonly<Record<string, Phase>> = { 'NCTS5.0': '5', 'NCTS5.1': '5', NCTS6: '6' };
const IDS: Readonly<Record<Phase, string>> = { '5': 'NCTS5.1', '6': 'NCTS6' };

/** Reads a message; `null` where the text is none. */
export function read(json: string): Message | null {
  let whole: unknown;
  try {
    whole = JSON.parse(json, exactly);
  } catch {
    return null;
  }
  if (typeof whole !== 'object' || whole === null) return null;
  const [entry] = Object.entries(whole);
  const type = entry?.[0].replace(/^.*:/, '') ?? '';
  const body = entry?.[1];
  if (!/^CC\d{3}[A-Z]$/.test(type) || typeof body !== 'object' || body === null) return null;
  const { '@PhaseID': phaseId, ...groups } = body as Record<string, unknown>;
  return { type, phase: PHASES[String(phaseId)] ?? '6', tree: values(groups) };
}

/** A number stays the text that was written, where the browser tells it. */
function exactly(_: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}

function values(group: object): Tree {
  const out: Record<string, Value> = {};
  for (const [name, value] of Object.entries(group)) {
    if (name.startsWith('@')) continue;
    if (Array.isArray(value)) out[name] = value.filter((one) => typeof one === 'object' && one).map(values);
    else if (typeof value === 'object' && value) out[name] = values(value);
    else if (value !== null) out[name] = String(value);
  }
  return out;
}

/** Writes a message in the order of its definition, without what is empty; names that it does not have come last. */
export function write(root: Element, phase: Phase, tree: Tree): string {
  const inner = members(root, tree);
  const head = `${JSON.stringify(`n1:${root.field.name}`)}:{"@PhaseID":"${IDS[phase]}"`;
  return `{${head}${inner ? `,${inner}` : ''}}}`;
}

/** Writes a part of a message, without what is empty. */
export function writePart(element: Element, tree: Tree): string {
  return `{${members(element, tree)}}`;
}

/** Reads a part of a message; `null` where the text is none. */
export function readPart(json: string): Tree | null {
  try {
    const part: unknown = JSON.parse(json, exactly);
    return typeof part === 'object' && part !== null && !Array.isArray(part) ? values(part) : null;
  } catch {
    return null;
  }
}

/** The names in `tree` that the definition of the message does not have, each with the way to it. */
export function strangers(element: Element, tree: Tree, way = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const child = element.byName.get(name);
    const here = `${way}/${name}`;
    if (!child) return [here];
    if (typeof value === 'string') return child.field.group ? [here] : [];
    if (!child.field.group) return [here];
    const list = (Array.isArray(value) ? value : [value]) as readonly Tree[];
    return list.flatMap((one, at) => strangers(child, one, list.length > 1 ? `${here}[${at + 1}]` : here));
  });
}

function members(element: Element, tree: Tree): string {
  const parts: string[] = [];
  for (const child of element.children) {
    const value = tree[child.field.name];
    const told = value === undefined ? '' : one(child, value);
    if (told) parts.push(`${JSON.stringify(child.field.name)}:${told}`);
  }
  return parts.join(',');
}

function one(element: Element, value: Value): string {
  if (typeof value === 'string') {
    const text = value.trim();
    if (!text) return '';
    const number =
      ['integer', 'decimal'].includes(element.field.format?.kind ?? '') && /^\d+(\.\d+)?$/.test(text);
    return number ? text.replace(/^0+(?=\d)/, '') : JSON.stringify(text);
  }
  const list = (Array.isArray(value) ? value : [value]) as readonly Tree[];
  const told = list
    .map((tree) => members(element, tree))
    .filter(Boolean)
    .map((inner) => `{${inner}}`);
  if (told.length === 0) return '';
  return element.field.max > 1 ? `[${told.join(',')}]` : (told[0] ?? '');
}
