// Unloading remarks report only what was found otherwise; an amendment shows only what it changes; what is kept is kept by person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

let vite;
let load;
const stored = new Map();
before(async () => {
  globalThis.localStorage = {
    get length() {
      return stored.size;
    },
    key: (at) => [...stored.keys()][at] ?? null,
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => stored.set(name, value),
    removeItem: (name) => stored.delete(name),
  };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  load = (name) => vite.ssrLoadModule(`/src/${name}.ts`);
});
after(() => vite.close());

function element(name, children = null, more = {}) {
  const told = children ?? [];
  return {
    field: {
      name,
      path: name,
      group: children !== null,
      min: 0,
      max: 1,
      label: { en: name },
      rules: [],
      ...more,
    },
    children: told,
    byName: new Map(told.map((child) => [child.field.name, child])),
  };
}
const needed = (name) => element(name, null, { min: 1 });
const PACKAGING = element('Packaging', [needed('sequenceNumber'), element('numberOfPackages')], { max: 99 });
const ITEM = element(
  'ConsignmentItem',
  [
    needed('goodsItemNumber'),
    needed('declarationGoodsItemNumber'),
    element('Commodity', [element('descriptionOfGoods'), element('grossMass')]),
    PACKAGING,
  ],
  { max: 999 },
);
const HOUSE = element('HouseConsignment', [needed('sequenceNumber'), element('grossMass'), ITEM], {
  max: 1999,
});
const CONSIGNMENT = element('Consignment', [element('grossMass'), HOUSE]);
const REMARK = element('UnloadingRemark', [element('conform')]);
const DEFINITION = { type: 'CC044C', root: element('CC044C', [REMARK, CONSIGNMENT]) };

const item = (number, goods, packages) => ({
  goodsItemNumber: String(number),
  declarationGoodsItemNumber: String(number),
  Commodity: { descriptionOfGoods: goods, grossMass: '10' },
  Packaging: [{ sequenceNumber: '1', numberOfPackages: packages }],
});
const PERMISSION = {
  Consignment: {
    grossMass: '20',
    HouseConsignment: [
      {
        sequenceNumber: '1',
        grossMass: '20',
        ConsignmentItem: [item(1, 'Brake pads', '96'), item(2, 'Tyres', '40')],
      },
    ],
  },
};

test('only what differs is reported, under its number, and it is not conform', async () => {
  const { permitted, reported } = await load('form/unloading');
  const { put } = await load('form/tree');
  const was = permitted(DEFINITION, PERMISSION);
  const same = reported(DEFINITION, was, { UnloadingRemark: { conform: '1' }, Consignment: was });
  assert.deepEqual(same, { UnloadingRemark: { conform: '1' } });

  const packages = ['HouseConsignment', 0, 'ConsignmentItem', 1, 'Packaging', 0, 'numberOfPackages'];
  const found = put(was, packages, '39');
  const sent = reported(DEFINITION, was, { UnloadingRemark: { conform: '1' }, Consignment: found });
  const tyres = {
    goodsItemNumber: '2',
    declarationGoodsItemNumber: '2',
    Packaging: [{ sequenceNumber: '1', numberOfPackages: '39' }],
  };
  assert.deepEqual(sent, {
    UnloadingRemark: { conform: '0' },
    Consignment: { HouseConsignment: [{ sequenceNumber: '1', ConsignmentItem: [tyres] }] },
  });
});

test('goods that nobody declared get the next number', async () => {
  const { permitted, reported } = await load('form/unloading');
  const { put } = await load('form/tree');
  const was = permitted(DEFINITION, PERMISSION);
  const more = ['HouseConsignment', 0, 'ConsignmentItem', 2];
  const found = put(was, more, { Commodity: { descriptionOfGoods: 'Rims' } });
  const { Consignment } = reported(DEFINITION, was, { Consignment: found });
  assert.deepEqual(Consignment.HouseConsignment[0].ConsignmentItem, [
    { goodsItemNumber: '3', declarationGoodsItemNumber: '3', Commodity: { descriptionOfGoods: 'Rims' } },
  ]);
});

test('an error in what was sent stands at the same occurrence of the whole', async () => {
  const { overlaid, permitted, relocated, reported } = await load('form/unloading');
  const { put } = await load('form/tree');
  const was = permitted(DEFINITION, PERMISSION);
  const packages = [
    'Consignment',
    'HouseConsignment',
    0,
    'ConsignmentItem',
    1,
    'Packaging',
    0,
    'numberOfPackages',
  ];
  const whole = put({ Consignment: was }, packages, '39');
  const sent = reported(DEFINITION, was, whole);
  const pointer = '/CC044C/Consignment/HouseConsignment[1]/ConsignmentItem[1]/Packaging[1]/numberOfPackages';
  const [error] = relocated(sent, whole, [{ code: '14', message: '', pointer }]);
  assert.equal(error.pointer, pointer.replace('ConsignmentItem[1]', 'ConsignmentItem[2]'));
  const again = overlaid({ UnloadingRemark: { conform: '1' }, Consignment: was }, sent);
  assert.deepEqual(again.Consignment, whole.Consignment);
  assert.equal(again.UnloadingRemark.conform, '0');
});

test('an item that is put in or taken out does not mark the others', async () => {
  const { changes } = await load('form/align');
  const items = (...list) => ({ Consignment: { HouseConsignment: [{ ConsignmentItem: list }] } });
  const [pads, tyres] = PERMISSION.Consignment.HouseConsignment[0].ConsignmentItem;
  const rims = item(1, 'Rims', '8');
  const told = (was, is) =>
    changes(DEFINITION, was, is).map(({ path, was: old, is: now }) => [path.join('.'), old, now]);
  assert.deepEqual(told(items(pads, tyres), items(rims, pads, tyres)), [
    ['Consignment.HouseConsignment.0.ConsignmentItem.0.Commodity.descriptionOfGoods', '', 'Rims'],
    ['Consignment.HouseConsignment.0.ConsignmentItem.0.Commodity.grossMass', '', '10'],
    ['Consignment.HouseConsignment.0.ConsignmentItem.0.Packaging.0.numberOfPackages', '', '8'],
  ]);
  const fewer = item(2, 'Tyres', '39');
  assert.deepEqual(told(items(pads, tyres), items(fewer)).slice(0, 1), [
    ['Consignment.HouseConsignment.0.ConsignmentItem.0.Packaging.0.numberOfPackages', '40', '39'],
  ]);
});

test('what is kept belongs to one person, is gone when they sign out, and after a month', async () => {
  const { farewell, keep, personOf, recall, unfinished, welcome } = await load('app/kept');
  const one = personOf({ subject: 'a', party: 'KZ1' });
  const other = personOf({ subject: 'a', party: 'KZ2' });
  keep(one, 'arrival.26KZ1', { mrn: '26KZ1' });
  keep(other, 'arrival.26KZ1', { mrn: 'other' });
  assert.deepEqual(recall(one, 'arrival.26KZ1'), { mrn: '26KZ1' });
  assert.equal(recall(one, 'arrival.26KZ2'), null);
  assert.equal(unfinished(one), 1);
  farewell(one);
  keep(one, 'arrival.26KZ1', { mrn: 'too late' });
  assert.equal(recall(one, 'arrival.26KZ1'), null);
  assert.deepEqual(recall(other, 'arrival.26KZ1'), { mrn: 'other' });
  welcome(one);
  stored.set('ecustoms.kept.b.KZ3/old', JSON.stringify({ at: Date.now() - 31 * 86_400_000, value: {} }));
  assert.equal(recall('b.KZ3', 'old'), null);
  welcome(one);
  assert.equal(stored.has('ecustoms.kept.b.KZ3/old'), false);
});
