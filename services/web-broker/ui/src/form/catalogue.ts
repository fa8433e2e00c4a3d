// The field catalogue of a message, as the rules export it: what a form shows, asks for and offers.
import { useEffect, useState } from 'react';
import { Refusal } from '../api/graphql';
import { asRefusal } from '../api/use';
import type { Language } from '../app/texts';
import type { Condition } from './conditions';

export type Words = Readonly<Record<Language, string>>;
export type Format = {
  name: string;
  kind: 'text' | 'integer' | 'decimal' | 'date' | 'dateTime' | 'flag' | 'binary';
  minLength?: number;
  maxLength?: number;
  patterns?: string[];
  minimum?: number;
  maximum?: number;
  digits?: number;
  fractionDigits?: number;
  values?: string[];
};
export type Field = {
  path: string;
  name: string;
  depth: number;
  group: boolean;
  min: number;
  max: number;
  label: Words;
  hint?: Words;
  format?: Format;
  list?: { number: string; name: string };
  /** In what it is told: always the same unit, or the one in a field beside it. */
  unit?: { code?: string; field?: string };
  rules: string[];
};
export type Rule = { id: string; text: Words; source: string };
type Told = {
  messageType: string;
  number: string;
  label: Words;
  fields: Field[];
  rules: Rule[];
  conditions?: Condition[];
  checkedOnly?: string[];
};

/** One group or value with what it holds. */
export type Element = { field: Field; children: Element[]; byName: ReadonlyMap<string, Element> };
export type Definition = {
  type: string;
  number: string;
  phase: Phase;
  label: Words;
  root: Element;
  byPath: ReadonlyMap<string, Element>;
  rules: ReadonlyMap<string, Rule>;
  /** By the group in which they are asked. */
  conditions: ReadonlyMap<string, Condition[]>;
  /** Conditions for which there are messages of which only the check at the suite can tell what they demand. */
  checkedOnly: ReadonlySet<string>;
};
export type Phase = '5' | '6';

const known = new Map<string, Promise<Definition>>();

/** The catalogue of a message such as `CC015C`; asked for once, afterwards from memory. */
export function definition(type: string, phase: Phase): Promise<Definition> {
  const key = `${type}/${phase}`;
  const found = known.get(key);
  if (found) return found;
  const asked = load(type, phase);
  known.set(key, asked);
  asked.catch(() => known.delete(key));
  return asked;
}

async function load(type: string, phase: Phase): Promise<Definition> {
  const response = await fetch(`/definitions/messages/${type}?phase=P${phase}`).catch(() => {
    throw new Refusal('', { code: 'unreachable', status: 0 });
  });
  const told = await response.json();
  if (!response.ok) throw new Refusal(told.detail, told);
  return grow(told as Told, phase);
}

/** What was told, as a tree of elements. */
export function grow(told: Told, phase: Phase): Definition {
  const root: Element = { field: rootField(told), children: [], byName: new Map() };
  const byPath = new Map<string, Element>();
  const open: Element[] = [root];
  for (const field of told.fields) {
    const element: Element = { field, children: [], byName: new Map() };
    open.length = field.depth + 1;
    const parent = open[field.depth] as Element;
    parent.children.push(element);
    (parent.byName as Map<string, Element>).set(field.name, element);
    byPath.set(field.path, element);
    open.push(element);
  }
  const rules = new Map(told.rules.map((rule) => [rule.id, rule]));
  const conditions = new Map<string, Condition[]>();
  for (const one of told.conditions ?? []) {
    conditions.set(one.at, [...(conditions.get(one.at) ?? []), one]);
  }
  const checkedOnly = new Set(told.checkedOnly);
  const { messageType, number, label } = told;
  return { type: messageType, number, phase, label, root, byPath, rules, conditions, checkedOnly };
}

function rootField(told: Told): Field {
  const { messageType, label } = told;
  return { path: '', name: messageType, depth: -1, group: true, min: 1, max: 1, label, rules: [] };
}

/** The catalogue of a message, once it is there. */
export function useDefinition(
  type: string | null,
  phase: Phase,
): { definition: Definition | null; refusal: Refusal | null } {
  const [state, setState] = useState<{ definition: Definition | null; refusal: Refusal | null }>({
    definition: null,
    refusal: null,
  });
  useEffect(() => {
    if (!type) return;
    let over = false;
    definition(type, phase).then(
      (found) => !over && setState({ definition: found, refusal: null }),
      (error) => !over && setState({ definition: null, refusal: asRefusal(error) }),
    );
    return () => {
      over = true;
    };
  }, [type, phase]);
  const fits = state.definition?.type === type && state.definition?.phase === phase;
  return fits ? state : { definition: null, refusal: state.refusal };
}
