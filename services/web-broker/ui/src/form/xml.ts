// A message in XML, read by its definition: what repeats becomes a list.
import { type Element as Defined, definition, type Phase } from './catalogue';
import type { Message } from './json';
import type { Tree, Value } from './tree';

type Policy = { createHTML: (text: string) => string };
type Types = { createPolicy: (name: string, rules: Policy) => Policy };

/** The content-security policy lets nothing be parsed that did not come through here; the result is only read. */
const types = (globalThis as { trustedTypes?: Types }).trustedTypes;
const parsed = types?.createPolicy('message', { createHTML: (text) => text }) ?? {
  createHTML: (text: string) => text,
};

/** Reads a message; `null` where the text is none. */
export async function readXml(xml: string): Promise<Message | null> {
  const read = new DOMParser().parseFromString(parsed.createHTML(xml), 'application/xml');
  const root = read.documentElement;
  if (read.querySelector('parsererror') || !/^CC\d{3}[A-Z]$/.test(root.localName)) return null;
  const phase: Phase = root.getAttribute('PhaseID')?.startsWith('NCTS5') ? '5' : '6';
  const found = await definition(root.localName, phase);
  return { type: root.localName, phase, tree: values(root, found.root) };
}

function values(node: Element, defined: Defined | undefined): Tree {
  const out: Record<string, Value> = {};
  for (const child of Array.from(node.children)) {
    const name = child.localName;
    const element = defined?.byName.get(name);
    const group = element ? element.field.group : child.children.length > 0;
    if (!group) {
      out[name] = child.textContent?.trim() ?? '';
      continue;
    }
    const inner = values(child, element);
    if ((element?.field.max ?? 1) > 1)
      out[name] = [...((out[name] as readonly Tree[] | undefined) ?? []), inner];
    else out[name] = inner;
  }
  return out;
}
