// Messages that follow from a declaration: what it says is taken over wherever the next message has the same field.
import type { Definition, Element } from './catalogue';
import { isTree, put, type Tree, type Value } from './tree';

/** The parts of `tree` that `element` has as well. */
export function project(element: Element, tree: Tree): Tree {
  const out: Record<string, Value> = {};
  for (const child of element.children) {
    const value = tree[child.field.name];
    if (value === undefined) continue;
    if (!child.field.group) {
      if (typeof value === 'string') out[child.field.name] = value;
      continue;
    }
    const list = (Array.isArray(value) ? value : isTree(value) ? [value] : []) as readonly Tree[];
    const inner = list.map((one) => project(child, one));
    if (child.field.max > 1) out[child.field.name] = inner;
    else if (inner[0]) out[child.field.name] = inner[0];
  }
  return out;
}

const HEAD = [
  'messageIdentification',
  'preparationDateAndTime',
  'messageSender',
  'messageRecipient',
  'messageType',
  'correlationIdentifier',
];

function begin(definition: Definition, declaration: Tree, mrn: string | null): Tree {
  let tree = project(definition.root, declaration);
  for (const name of HEAD) tree = put(tree, [name], undefined);
  if (mrn) {
    tree = put(tree, ['TransitOperation', 'LRN'], undefined);
    tree = put(tree, ['TransitOperation', 'MRN'], mrn);
  }
  return tree;
}

/** IE013: the declaration as it stands, to be amended; guarantees alone where nothing else may change. */
export function amendment(
  definition: Definition,
  declaration: Tree,
  mrn: string | null,
  guaranteesOnly: boolean,
): Tree {
  const tree = begin(definition, declaration, mrn);
  return put(tree, ['TransitOperation', 'amendmentTypeFlag'], guaranteesOnly ? '1' : '0');
}

/** IE170: the goods are there. */
export function presentation(definition: Definition, declaration: Tree): Tree {
  return begin(definition, declaration, null);
}

/** Any other message about the movement, with what it shares with the declaration. */
export function followUp(definition: Definition, declaration: Tree, mrn: string | null): Tree {
  const tree = begin(definition, declaration, mrn);
  // An enquiry is answered to the office that asks: that of departure.
  const asking = 'CustomsOfficeOfEnquiryAtDeparture';
  const departure = declaration.CustomsOfficeOfDeparture;
  return definition.root.byName.has(asking) && departure ? put(tree, [asking], departure) : tree;
}

/** IE014: the declaration is withdrawn. */
export function withdrawal(
  definition: Definition,
  declaration: Tree,
  mrn: string | null,
  reason: string,
  at: Date,
): Tree {
  const tree = begin(definition, declaration, mrn);
  return put(tree, ['Invalidation'], {
    requestDateAndTime: at.toISOString().slice(0, 19),
    initiatedByCustoms: '0',
    justification: reason,
  });
}
