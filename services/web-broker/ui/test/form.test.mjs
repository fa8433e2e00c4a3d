// What a form does with a message before anybody is asked: every digit kept, everything that follows filled in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

let vite;
let load;
before(async () => {
  globalThis.localStorage ??= { getItem: () => null, setItem: () => undefined };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  load = (name) => vite.ssrLoadModule(`/src/form/${name}.ts`);
});
after(() => vite.close());

const field = (name, more = {}) => ({
  name,
  path: name,
  depth: 0,
  group: false,
  min: 0,
  max: 1,
  label: { en: name },
  rules: [],
  ...more,
});
function element(told, children = []) {
  return { field: told, children, byName: new Map(children.map((child) => [child.field.name, child])) };
}
const group = (name, children, max = 1) => element(field(name, { group: true, max }), children);
const value = (name, kind = 'text', more = {}) =>
  element(field(name, { format: { name: kind, kind }, ...more }));

const ITEM = group(
  'ConsignmentItem',
  [
    value('goodsItemNumber', 'integer'),
    value('declarationGoodsItemNumber', 'integer'),
    group('Commodity', [value('descriptionOfGoods'), group('GoodsMeasure', [value('grossMass', 'decimal')])]),
  ],
  999,
);
const HOUSE = group(
  'HouseConsignment',
  [value('sequenceNumber', 'integer'), value('grossMass', 'decimal'), ITEM],
  1999,
);
const ROOT = element(field('CC015C', { group: true }), [
  value('messageSender'),
  group('CustomsOfficeOfDeparture', [value('referenceNumber')]),
  group('Consignment', [value('grossMass', 'decimal'), HOUSE]),
]);

test('numbers keep every digit from the file to the signed text', async () => {
  const { read, write } = await load('json');
  const { phase, tree, type } = read(
    '{"n1:CC015C":{"@PhaseID":"NCTS6","Consignment":{"grossMass":12345678901.123450}}}',
  );
  assert.deepEqual([type, phase], ['CC015C', '6']);
  // A browser tells the digits as they were written; where it cannot, none is invented.
  const kept = write(ROOT, phase, { Consignment: { grossMass: '12345678901.123450' } });
  assert.equal(kept, '{"n1:CC015C":{"@PhaseID":"NCTS6","Consignment":{"grossMass":12345678901.123450}}}');
  assert.equal(Number(tree.Consignment.grossMass), 12345678901.12345);
});

test('what is empty is not written, and what repeats is a list', async () => {
  const { write } = await load('json');
  const tree = { messageSender: ' ', Consignment: { HouseConsignment: [{}, { grossMass: '7' }] } };
  assert.equal(
    write(ROOT, '6', tree),
    '{"n1:CC015C":{"@PhaseID":"NCTS6","Consignment":{"HouseConsignment":[{"grossMass":7}]}}}',
  );
});

test('a text that is no message is none', async () => {
  const { read } = await load('json');
  for (const text of ['', '[]', '{"a":1}', '{"n1:CC015C":7}', '{']) assert.equal(read(text), null, text);
});

test('masses are added exactly, and not where one is missing', async () => {
  const { sum } = await load('complete');
  assert.equal(sum(['0.1', '0.2']), '0.3');
  assert.equal(sum(['2210.250', '1270.25']), '3480.5');
  assert.equal(sum(['9999999999999999', '0.000001']), '9999999999999999.000001');
  assert.equal(sum(['1', '']), '');
});

test('items are numbered through the declaration and masses follow from them', async () => {
  const { complete } = await load('complete');
  const item = (mass) => ({ Commodity: { GoodsMeasure: { grossMass: mass } } });
  const tree = {
    CustomsOfficeOfDeparture: { referenceNumber: 'KZALA001' },
    Consignment: {
      HouseConsignment: [
        { ConsignmentItem: [item('1.5'), item('2')] },
        { grossMass: '9', ConsignmentItem: [item('3')] },
      ],
    },
  };
  const whole = complete(ROOT, tree, { sender: 'KZ1', at: new Date('2026-11-29T10:00:00Z'), fresh: true });
  const [first, second] = whole.Consignment.HouseConsignment;
  assert.deepEqual([first.grossMass, second.grossMass, whole.Consignment.grossMass], ['3.5', '9', '12.5']);
  assert.deepEqual([first.sequenceNumber, second.sequenceNumber], ['1', '2']);
  assert.deepEqual(
    [second.ConsignmentItem[0].goodsItemNumber, second.ConsignmentItem[0].declarationGoodsItemNumber],
    ['1', '3'],
  );
  assert.deepEqual([whole.messageRecipient, whole.preparationDateAndTime], ['NTA.KZ', '2026-11-29T10:00:00']);
});

test('a sum that the page has made is made anew, one that somebody gave stays', async () => {
  const { complete, uncounted } = await load('complete');
  const item = (mass) => ({ Commodity: { GoodsMeasure: { grossMass: mass } } });
  const tree = (first, whole) => ({
    Consignment: {
      grossMass: whole,
      HouseConsignment: [
        { grossMass: first, ConsignmentItem: [item('1.5'), item('2')] },
        { grossMass: '9', ConsignmentItem: [item('3')] },
      ],
    },
  });
  const bare = uncounted(tree('3.50', '12.5'));
  assert.deepEqual(
    [bare.Consignment.grossMass, ...bare.Consignment.HouseConsignment.map((one) => one.grossMass)],
    [undefined, undefined, '9'],
  );
  const whole = complete(ROOT, bare, { sender: 'KZ1', at: new Date(), fresh: true });
  assert.equal(whole.Consignment.grossMass, '12.5');
  const given = tree('4', '20');
  assert.deepEqual(uncounted(given), given);
});

test('a pointer of customs leads to the field, or as near as the form knows', async () => {
  const { follow, idOf } = await load('pointer');
  const definition = { type: 'CC015C', root: ROOT };
  const id = (pointer) => idOf(follow(definition, pointer).path);
  assert.equal(
    id('/CC015C/Consignment/HouseConsignment[2]/ConsignmentItem[1]/Commodity'),
    'f-Consignment.HouseConsignment.1.ConsignmentItem.0.Commodity',
  );
  assert.equal(
    id('/CC015C/Consignment/HouseConsignment/grossMass'),
    'f-Consignment.HouseConsignment.0.grossMass',
  );
  assert.equal(id('/CC015C/Consignment/NoSuchThing/at'), 'f-Consignment');
});

test('a tree is changed without touching what stays', async () => {
  const { put } = await load('tree');
  const tree = { a: { b: '1' }, list: [{ c: '1' }, { c: '2' }] };
  const next = put(tree, ['list', 1, 'c'], '3');
  assert.deepEqual(next, { a: { b: '1' }, list: [{ c: '1' }, { c: '3' }] });
  assert.equal(next.a, tree.a);
  assert.equal(next.list[0], tree.list[0]);
  assert.deepEqual(put(tree, ['list', 0], undefined).list, [{ c: '2' }]);
  assert.equal('a' in put(tree, ['a'], undefined), false);
});

test('a follow-up takes over what it has as well, and nothing else', async () => {
  const { project } = await load('follow-up');
  const narrow = element(field('CC170C', { group: true }), [
    group('CustomsOfficeOfDeparture', [value('referenceNumber')]),
  ]);
  const tree = {
    messageSender: 'x',
    CustomsOfficeOfDeparture: { referenceNumber: 'KZALA001', other: '1' },
    Consignment: { grossMass: '1' },
  };
  assert.deepEqual(project(narrow, tree), { CustomsOfficeOfDeparture: { referenceNumber: 'KZALA001' } });
});

test('what follows from a value is filled in where nothing is said about it', async () => {
  const { suggested } = await load('begin');
  const begun = { Consignment: { countryOfDestination: 'UZ', inlandModeOfTransport: '3' } };
  const house = 'Consignment.HouseConsignment.1.Consignee';
  const named = suggested(begun, `${house}.name`, 'Andijan Motors');
  assert.equal(named.Consignment.HouseConsignment[1].Consignee.Address.country, 'UZ');
  const elsewhere = { Consignment: { ...begun.Consignment, Consignee: { Address: { country: 'TJ' } } } };
  assert.equal(suggested(elsewhere, 'Consignment.Consignee.name', 'Dushanbe'), elsewhere);
  const lorry = suggested(begun, 'Consignment.DepartureTransportMeans.0.identificationNumber', '417AKB02');
  assert.equal(lorry.Consignment.DepartureTransportMeans[0].typeOfIdentification, '30');
  const train = { Consignment: { inlandModeOfTransport: '2' } };
  assert.equal(suggested(train, 'Consignment.DepartureTransportMeans.0.identificationNumber', '7'), train);
});
