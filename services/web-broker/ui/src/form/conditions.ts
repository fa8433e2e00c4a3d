// When a field is required or not allowed: the conditions that the rules export, decided as the suite decides them.
import type { Definition, Element } from './catalogue';
import { idOf } from './pointer';
import { isEmpty, type Path, type Tree, type Value } from './tree';

/** One term of a condition; it names others by their places in the list of terms. */
export type Term = {
  kind: string;
  of?: number[];
  path?: string;
  first?: number;
  words?: string[];
  list?: string;
  lenient?: boolean;
};
type Case = { when?: number; required?: string[]; forbidden?: string[] };
export type Condition = {
  rule: string;
  at: string;
  terms: Term[];
  when?: number;
  cases: Case[];
  after?: string[];
};

/** Whether a code is in a list; `null` where that is not known (yet). */
export type InList = (list: string, code: string) => boolean | null;

/** What the conditions say of one element of a group, whether or not it stands there. */
export type Need = {
  required: string[];
  forbidden: string[];
  /** Whether it stands there. */
  given: boolean;
  /** Whether the group around it stands there; else nobody asks for it yet. */
  asked: boolean;
};
/** By the place of the element on the page, for groups that repeat without the number of an occurrence. */
export type Needs = ReadonlyMap<string, Need>;
export const NO_NEEDS: Needs = new Map();

/** Whether a condition requires an element of a group that stands there; what an empty group would need is not brought up. */
export function isAsked(need: Need | undefined): boolean {
  return need?.asked === true && need.required.length > 0;
}

/** Whether an element must not stand there, by every condition that speaks of it. */
export function isForbidden(need: Need | undefined): boolean {
  return need !== undefined && need.forbidden.length > 0 && need.required.length === 0;
}

/** A group or value of the message; `ghost` where the page shows a group in which nothing stands. */
type Node = { element: Element; value: Value; path: Path; slot: Path; parent: Node | null; ghost: boolean };
/** A value that is compared: a text, or a number in millionths. */
type Operand = string | bigint;

/** What the conditions of a message say of its elements. */
export function needsOf(definition: Definition, tree: Tree, inList: InList): Needs {
  if (definition.conditions.size === 0) return NO_NEEDS;
  return new Run(definition, tree, inList).all();
}

/** Of the elements at some paths and in them: how many are missing, and how many must go. */
export function lackingBy(needs: Needs, paths: readonly string[]): number {
  let count = 0;
  for (const [id, { required, forbidden, given, asked }] of needs) {
    const counts = given ? forbidden.length > 0 : asked && required.length > 0;
    if (!counts) continue;
    const path = pathOf(id);
    if (paths.some((one) => path === one || path.startsWith(`${one}/`))) count += 1;
  }
  return count;
}

/** The path of a place on the page, without the numbers of occurrences. */
function pathOf(id: string): string {
  return id
    .replace(/^f-/, '')
    .split('.')
    .filter((part) => !/^\d+$/.test(part))
    .join('/');
}

class Run {
  #found = new Map<string, Need>();
  /** What stands at the paths from the root: they are asked for again and again. */
  #fromRoot = new Map<string, Node[]>();
  readonly #root: Node;
  readonly #conditions: ReadonlyMap<string, Condition[]>;
  readonly #inList: InList;

  constructor(definition: Definition, tree: Tree, inList: InList) {
    this.#root = {
      element: definition.root,
      value: tree,
      path: [],
      slot: [],
      parent: null,
      ghost: false,
    };
    this.#conditions = definition.conditions;
    this.#inList = inList;
  }

  all(): Needs {
    this.#visit(this.#root);
    return this.#found;
  }

  #visit(group: Node): void {
    const conditions = this.#conditions.get(group.element.field.path) ?? [];
    for (const condition of conditions) this.#ask(condition, conditions, group);
    for (const child of group.element.children) {
      if (!child.field.group) continue;
      const standing = children(group, child.field.name);
      for (const one of standing.length > 0 ? standing : [ghost(group, child)]) this.#visit(one);
    }
  }

  #ask(condition: Condition, beside: readonly Condition[], group: Node): void {
    const counts = this.#decide(condition, group);
    if (!counts) return;
    const earlier = beside.filter(({ rule }) => condition.after?.includes(rule));
    const decided = (path: string) =>
      earlier.some((one) => {
        const other = this.#decide(one, group);
        return other?.required?.includes(path) || other?.forbidden?.includes(path);
      });
    for (const path of counts.required ?? []) if (!decided(path)) this.#require(condition.rule, path, group);
    for (const path of counts.forbidden ?? []) if (!decided(path)) this.#forbid(condition.rule, path, group);
  }

  /** The case that counts: the first that holds, and none where one before it cannot be told. */
  #decide({ terms, when, cases }: Condition, group: Node): Case | null {
    if (when !== undefined && this.#holds(terms, when, group, group) !== true) return null;
    for (const one of cases) {
      const holds = one.when === undefined || this.#holds(terms, one.when, group, group);
      if (holds === null) return null;
      if (holds) return one;
    }
    return null;
  }

  /** An element that must stand there; what is missing is told in the first group on the way that is there. */
  #require(rule: string, path: string, group: Node): void {
    const [first] = this.#at(path, group, group);
    if (first) {
      this.#note(first.slot, group).required.push(rule);
      return;
    }
    let deepest = group;
    for (const name of path.split('/')) {
      const element = deepest.element.byName.get(name);
      if (!element) return;
      deepest = children(deepest, name)[0] ?? ghost(deepest, element);
    }
    this.#note(deepest.slot, group, false).required.push(rule);
  }

  /** An element that must not stand there, in each group on the way. */
  #forbid(rule: string, path: string, group: Node): void {
    const names = path.split('/');
    const last = names.pop() ?? '';
    let around = [group];
    for (const name of names) {
      around = around.flatMap((one) => {
        const element = one.element.byName.get(name);
        const standing = children(one, name);
        return standing.length > 0 || !element ? standing : [ghost(one, element)];
      });
    }
    for (const one of around) {
      if (!one.element.byName.has(last)) continue;
      const given = children(one, last).length > 0;
      this.#note([...one.path, last], one, given).forbidden.push(rule);
    }
  }

  #note(slot: Path, group: Node, given = true): Need {
    const id = idOf(slot);
    const need = this.#found.get(id) ?? { required: [], forbidden: [], given, asked: !group.ghost };
    this.#found.set(id, need);
    return need;
  }

  /** Whether the term holds of `here`; `null` where that cannot be told. */
  #holds(terms: readonly Term[], place: number, here: Node, group: Node): boolean | null {
    const term = terms[place] as Term;
    const of = term.of ?? [];
    const inner = (at: number, node = here) => this.#holds(terms, at, node, group);
    switch (term.kind) {
      case 'any':
        return among(of, true, inner);
      case 'all':
        return among(of, false, inner);
      case 'not': {
        const holds = inner(of[0] as number);
        return holds === null ? null : !holds;
      }
      case 'always':
        return true;
      case 'never':
        return false;
      case 'present':
        return this.#at(term.path ?? '', here, group).length > 0;
      case 'some':
      case 'every': {
        const every = term.kind === 'every';
        const nodes = this.#at(term.path ?? '', here, group);
        return among(nodes, !every, (node) => inner(of[0] as number, node));
      }
      case 'within':
        return this.#within(term, this.#values(terms, of[0], here, group));
      case 'equal':
      case 'less':
      case 'lessOrEqual':
      case 'greater':
      case 'greaterOrEqual': {
        const left = this.#values(terms, of[0], here, group);
        const right = this.#values(terms, of[1], here, group);
        return left.some((one) => right.some((two) => related(one, term.kind, two)));
      }
      default:
        return null;
    }
  }

  #within({ list, words, lenient }: Term, values: readonly Operand[]): boolean | null {
    const texts = values.filter((one) => typeof one === 'string');
    if (!list) return texts.some((text) => words?.includes(text));
    const told = among(texts, true, (text) => this.#inList(list, text));
    return told === null && lenient ? false : told;
  }

  #values(terms: readonly Term[], place: number | undefined, here: Node, group: Node): Operand[] {
    const term = terms[place ?? -1];
    const word = term?.words?.[0] ?? '';
    if (term?.kind === 'text') return [word];
    if (term?.kind === 'number') return [decimal(word) ?? 0n];
    const nodes = this.#at(term?.path ?? '', here, group);
    if (term?.kind === 'count') return [BigInt(nodes.length) * MILLION];
    const first = term?.first;
    return nodes.flatMap(({ value }) => {
      if (typeof value !== 'string') return [];
      const text = value.trim();
      if (first === undefined) return [text];
      return text.length < first ? [] : [text.slice(0, first)];
    });
  }

  #at(path: string, here: Node, group: Node): readonly Node[] {
    if (!path.startsWith('/')) {
      return path.startsWith('@/') ? walk(group, path.slice(2)) : walk(here, path);
    }
    const known = this.#fromRoot.get(path) ?? walk(this.#root, path.slice(1));
    this.#fromRoot.set(path, known);
    return known;
  }
}

/** Any of them, or all: `decisive` is the outcome that one alone brings about. */
function among<One>(
  all: readonly One[],
  decisive: boolean,
  ask: (one: One) => boolean | null,
): boolean | null {
  let told = true;
  for (const one of all) {
    const holds = ask(one);
    if (holds === decisive) return decisive;
    told &&= holds !== null;
  }
  return told ? !decisive : null;
}

function walk(from: Node, path: string): Node[] {
  let nodes = [from];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    nodes =
      step === '..'
        ? nodes.flatMap(({ parent }) => parent ?? [])
        : nodes.flatMap((node) => children(node, step));
  }
  return nodes;
}

/** What stands under `name` in a group; what is empty does not stand there. */
function children(group: Node, name: string): Node[] {
  const element = group.element.byName.get(name);
  const value = typeof group.value === 'string' ? undefined : (group.value as Tree)[name];
  if (!element || value === undefined) return [];
  const slot = [...group.path, name];
  const node = (one: Value, path: Path): Node[] =>
    isEmpty(one) ? [] : [{ element, value: one, path, slot, parent: group, ghost: group.ghost }];
  if (Array.isArray(value)) return value.flatMap((one, place) => node(one, [...slot, place]));
  return node(value, slot);
}

function ghost(group: Node, element: Element): Node {
  const slot = [...group.path, element.field.name];
  const path = element.field.group && element.field.max > 1 ? [...slot, 0] : slot;
  return { element, value: {}, path, slot, parent: group, ghost: true };
}

const MILLION = 1_000_000n;
const MOST_DIGITS = 24;

/** A decimal in millionths; `null` where the text is none. */
function decimal(text: string): bigint | null {
  const [whole = '', part = ''] = text.split(/\.(.*)/s);
  const digits = part.replace(/0+$/, '');
  if (!/^\d+$/.test(whole) || !/^\d{0,6}$/.test(digits) || whole.length > MOST_DIGITS) return null;
  return BigInt(whole) * MILLION + BigInt(digits.padEnd(6, '0'));
}

/** Two texts are equal as texts; they are greater or less as numbers, and beside a number they are numbers. */
function related(one: Operand, relation: string, two: Operand): boolean {
  if (typeof one === 'string' && typeof two === 'string' && relation === 'equal') return one === two;
  const [left, right] = [one, two].map((value) => (typeof value === 'string' ? decimal(value) : value));
  const numbers = typeof left === 'bigint' && typeof right === 'bigint';
  if (!numbers && (typeof one !== 'string' || typeof two !== 'string')) return false;
  const [a, b] = numbers ? [left, right] : [one, two];
  if (relation === 'equal') return a === b;
  if (relation === 'less') return a < b;
  if (relation === 'lessOrEqual') return a <= b;
  return relation === 'greater' ? a > b : a >= b;
}
