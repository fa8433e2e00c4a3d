// The page decides the conditions of a message as the suite does: the same cases, written by the rules themselves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

const told = JSON.parse(readFileSync(new URL('./conditions.json', import.meta.url), 'utf8'));
let vite;
let needsOf;
let pointer;
const messages = new Map();
before(async () => {
  globalThis.localStorage ??= { getItem: () => null, setItem: () => undefined };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  const load = (name) => vite.ssrLoadModule(`/src/form/${name}.ts`);
  const [{ grow }, { read }] = await Promise.all([load('catalogue'), load('json')]);
  ({ needsOf } = await load('conditions'));
  pointer = await load('pointer');
  for (const one of told.messages) {
    const label = { en: one.messageType };
    const fields = one.fields.map((field) => ({ ...field, label, rules: [] }));
    const definition = grow({ ...one, label, number: '', rules: [], fields }, one.phase.slice(1));
    messages.set(`${one.messageType}/${one.phase}`, { definition, tree: read(one.base).tree });
  }
});
after(() => vite.close());

const inList = (list, code) => told.lists[list]?.includes(code) ?? null;

/** The steps of `A/B[2]/c`, each with its place from 0 where one is named. */
const steps = (path) =>
  path.split('/').map((step) => {
    const [, name, place] = /^(\w+)(?:\[(\d+)\])?$/.exec(step);
    return { name, place: place && Number(place) - 1 };
  });

/** The tree with a value at a path, or without what stands there. */
function changed(element, tree, [{ name, place }, ...rest], value) {
  const child = element.byName.get(name);
  const { [name]: here, ...others } = tree;
  const next = (one) => (rest.length > 0 ? changed(child, one ?? {}, rest, value) : value);
  if (!child.field.group || child.field.max === 1) {
    const told = next(here);
    return told === undefined ? others : { ...tree, [name]: told };
  }
  const list = [...(here ?? [])];
  if (value === undefined && place === undefined) {
    const left = list.map(next).filter((one) => one !== undefined);
    return left.length > 0 ? { ...tree, [name]: left } : others;
  }
  list[place ?? 0] = next(list[place ?? 0]);
  return { ...tree, [name]: list.filter((one) => one !== undefined) };
}

function told_of({ messageType, phase, changes }) {
  const { definition, tree } = messages.get(`${messageType}/${phase}`);
  let now = tree;
  for (const change of changes) {
    const [, gone, path, value] = /^(-?)([^=]+)(?:=(.*))?$/.exec(change);
    now = changed(definition.root, now, steps(path), gone ? undefined : value);
  }
  return { definition, needs: needsOf(definition, now, inList) };
}

/** What is broken, as rule, code and place on the page. */
function broken(needs) {
  const found = new Set();
  for (const [id, { required, forbidden, given, asked }] of needs) {
    if (!asked) continue;
    if (!given) for (const rule of required) found.add(`${rule} 13 ${id}`);
    if (given) for (const rule of forbidden) found.add(`${rule} 15 ${id}`);
  }
  return found;
}

test('what the page asks for is what the suite asks for, in every case', () => {
  assert.ok(told.cases.length > 100);
  const wrong = [];
  for (const one of told.cases) {
    const { definition, needs } = told_of(one);
    const place = (at) => {
      const { path } = pointer.follow(definition, at);
      return pointer.idOf(typeof path.at(-1) === 'number' ? path.slice(0, -1) : path);
    };
    const suite = new Set(one.broken.map(([rule, code, at]) => `${rule} ${code} ${place(at)}`));
    const page = broken(needs);
    // Of what only the suite can tell, the page may tell less, and never more.
    const known = [...suite].filter((line) => !definition.checkedOnly.has(line.split(' ')[0]));
    const less = known.filter((line) => !page.has(line));
    const more = [...page].filter((line) => !suite.has(line));
    if (less.length + more.length > 0) wrong.push({ of: one.messageType, changes: one.changes, less, more });
  }
  assert.deepEqual(wrong, []);
});

test('a code list that is not there yet leaves open what depends on it, and nothing else', () => {
  const { definition, tree } = messages.get('CC015C/P6');
  const asked = [];
  const needs = needsOf(definition, tree, (list) => {
    asked.push(list);
    return null;
  });
  assert.ok(asked.includes('CountryCodesCTC'));
  const seals = needs.get('f-Consignment.TransportEquipment.0.Seal');
  assert.deepEqual(seals.required, ['C0569']);
  assert.deepEqual(broken(needs), new Set());
});

test('a group in which nothing stands tells what it would need, and nobody is held to it', () => {
  const { definition } = messages.get('CC015C/P6');
  const needs = needsOf(definition, {}, inList);
  const place = needs.get('f-Consignment.PlaceOfLoading');
  assert.deepEqual([place.required, place.given, place.asked], [['C0409'], false, false]);
});
