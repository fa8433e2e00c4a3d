// Where a draft comes from, asked of the suite each time, so that it is the same in every tab and for every colleague: the declaration
// that an amendment changes, and the errors for which customs refused a message.
import { ask, type Finding } from '../api/graphql';
import { type MovementParts, Movements } from '../generated/documents';
import type { Definition } from './catalogue';
import { uncounted } from './complete';
import { inForce, messagesOf, refused } from './exchanged';
import { amendment } from './follow-up';
import { follow } from './pointer';
import { at, isEmpty, pruned, type Tree, text, type Value } from './tree';

export type Origin = {
  /** What an amendment began from. */
  original: Tree | null;
  /** Errors of a refusal that were not mended yet. */
  errors: readonly Finding[];
};
const NOTHING: Origin = { original: null, errors: [] };

/** The newest movement with the number of the message, in `state` where that is said. */
async function movementOf(tree: Tree, state?: string): Promise<MovementParts | null> {
  const mrn = text(tree, ['TransitOperation', 'MRN']);
  const lrn = text(tree, ['TransitOperation', 'LRN']);
  if (!mrn && !lrn) return null;
  const { movements } = await ask(Movements, mrn ? { mrn, first: 5 } : { lrn, first: 5 });
  const found = movements.edges.map(({ node }) => node);
  return found.find((one) => !state || one.state === state) ?? null;
}

/** What the draft of a message comes from. */
export async function originOf(definition: Definition, tree: Tree): Promise<Origin> {
  const { type } = definition;
  if (type !== 'CC015C' && type !== 'CC013C') return NOTHING;
  const amends = type === 'CC013C';
  const movement = await movementOf(tree, amends ? undefined : 'rejected');
  if (!movement) return NOTHING;
  const messages = await messagesOf(movement.id);
  const answer = await refused(messages, type, 'CC056C');
  const errors = answer ? standing(definition, answer.message.tree, tree, answer.errors) : [];
  const before = amends ? await inForce(messages) : null;
  if (!before) return { original: null, errors };
  const guaranteesOnly = text(tree, ['TransitOperation', 'amendmentTypeFlag']) === '1';
  const original = amendment(definition, before.tree, movement.mrn, guaranteesOnly);
  return { original: uncounted(original), errors };
}

/** The errors whose place says what it said when the message was refused. */
function standing(
  definition: Definition,
  was: Tree,
  is: Tree,
  errors: readonly Finding[],
): readonly Finding[] {
  return errors.filter(({ pointer }) => {
    const { path } = follow(definition, pointer ?? '');
    return path.length === 0 || same(at(was, path), at(is, path));
  });
}

function same(one: Value | undefined, other: Value | undefined): boolean {
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  const said = (value: Value | undefined) =>
    typeof value === 'string' ? value.trim() : JSON.stringify(sorted(pruned({ value: value as Value })));
  return said(one) === said(other);
}

/** A group with its names in order, so that equal groups are written alike. */
function sorted(value: Value): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Tree[]).map(sorted);
  const entries = Object.entries(value as Tree).sort(([first], [other]) => (first < other ? -1 : 1));
  return entries.map(([name, inner]) => [name, sorted(inner)]);
}
