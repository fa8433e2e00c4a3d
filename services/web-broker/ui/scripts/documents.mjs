// Checks every document in src/api/documents against the committed schema, and writes typed documents to src/generated.
//   node scripts/documents.mjs
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  parse,
  print,
  typeFromAST,
  validate,
} from 'graphql';

const SCALARS = { Boolean: 'boolean', Int: 'number', Float: 'number', JSON: 'unknown' };
const here = new URL('..', import.meta.url);
const schema = buildSchema(readFileSync(new URL('../../../gql-schema/schema.graphql', here), 'utf8'));
const folder = new URL('src/api/documents/', here);
const text = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');
const all = parse(text);
const faults = validate(schema, all);
if (faults.length > 0) {
  console.error(`documents: ${faults.map((fault) => fault.message).join('\n  ')}`);
  process.exit(1);
}

const fragments = new Map(
  all.definitions.filter((one) => one.kind === 'FragmentDefinition').map((one) => [one.name.value, one]),
);
const inputs = new Map();

function plain(type) {
  if (isEnumType(type))
    return type
      .getValues()
      .map((one) => JSON.stringify(one.name))
      .join(' | ');
  if (isScalarType(type)) return SCALARS[type.name] ?? 'string';
  inputs.set(type.name, type);
  return type.name;
}
function given(type) {
  if (isNonNullType(type)) return given(type.ofType);
  return isListType(type) ? `ReadonlyArray<${given(type.ofType)}>` : plain(type);
}
function answered(type, selection) {
  if (isNonNullType(type)) return needed(type.ofType, selection);
  return `${needed(type, selection)} | null`;
}
function needed(type, selection) {
  if (isListType(type)) return `ReadonlyArray<${answered(type.ofType, selection)}>`;
  return isObjectType(type) ? group(type, selection) : plain(type);
}
function fields(type, selection) {
  return selection.selections.flatMap((one) => {
    if (one.kind === 'FragmentSpread') return fields(type, fragments.get(one.name.value).selectionSet);
    if (one.kind === 'InlineFragment') return fields(type, one.selectionSet);
    const name = one.name.value;
    if (name === '__typename') return [`__typename: string`];
    return [`${one.alias?.value ?? name}: ${answered(type.getFields()[name].type, one.selectionSet)}`];
  });
}
const group = (type, selection) => `{ ${fields(type, selection).join('; ')} }`;

function spread(node, found = new Set()) {
  for (const one of node.selectionSet?.selections ?? []) {
    if (one.kind === 'FragmentSpread' && !found.has(one.name.value)) {
      found.add(one.name.value);
      spread(fragments.get(one.name.value), found);
    }
    spread(one, found);
  }
  return found;
}

const out = ['// Written by scripts/documents.mjs.', "import type { Document } from '../api/graphql';", ''];
for (const fragment of fragments.values()) {
  const type = schema.getType(fragment.typeCondition.name.value);
  out.push(`export type ${fragment.name.value} = ${group(type, fragment.selectionSet)};`);
}
for (const operation of all.definitions.filter((one) => one.kind === 'OperationDefinition')) {
  const name = operation.name.value;
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[operation.operation];
  const variables = (operation.variableDefinitions ?? []).map((one) => {
    const type = typeFromAST(schema, one.type);
    const optional = isNonNullType(type) ? '' : '?';
    return `${one.variable.name.value}${optional}: ${given(type)}${optional && ' | null'}`;
  });
  const document = [operation, ...[...spread(operation)].map((one) => fragments.get(one))]
    .map(print)
    .join('\n')
    .replace(/\s+/g, ' ');
  out.push(
    `export type ${name}Answer = ${group(root, operation.selectionSet)};`,
    `export type ${name}Variables = ${variables.length > 0 ? `{ ${variables.join('; ')} }` : 'Record<string, never>'};`,
    `export const ${name} = ${JSON.stringify(document)} as Document<${name}Answer, ${name}Variables>;`,
  );
}
const told = new Set();
for (let more = true; more; ) {
  more = false;
  for (const type of [...inputs.values()]) {
    if (told.has(type.name) || !isInputObjectType(getNamedType(type))) continue;
    told.add(type.name);
    more = true;
    const parts = Object.values(type.getFields()).map((field) => {
      const optional = isNonNullType(field.type) && field.defaultValue === undefined ? '' : '?';
      return `${field.name}${optional}: ${given(field.type)}${optional && ' | null'}`;
    });
    out.push(`export type ${type.name} = { ${parts.join('; ')} };`);
  }
}
mkdirSync(new URL('src/generated/', here), { recursive: true });
writeFileSync(new URL('src/generated/documents.ts', here), `${out.join('\n')}\n`);
console.log(`documents: ${all.definitions.length - fragments.size} operations fit the schema`);
