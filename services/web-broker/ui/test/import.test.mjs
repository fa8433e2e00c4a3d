// What is brought into a declaration from files: items of a table line by line, names that a message does not have.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';
import { workbook } from '../e2e/workbook.mjs';

let vite;
let csv;
let json;
before(async () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => undefined };
  globalThis.document = { documentElement: {} };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  await (await vite.ssrLoadModule('/src/app/texts.ts')).speak('en');
  csv = await vite.ssrLoadModule('/src/form/csv.ts');
  json = await vite.ssrLoadModule('/src/form/json.ts');
});
after(() => vite.close());

const AT = 'Consignment/HouseConsignment/ConsignmentItem';
const elements = new Map();
function field(path, label, more = {}) {
  const name = path.split('/').at(-1);
  const told = {
    name,
    path,
    depth: 0,
    group: false,
    min: 0,
    max: 1,
    label: { en: label },
    rules: [],
    ...more,
  };
  elements.set(path, { field: told, children: [], byName: new Map() });
}
const text = (maxLength) => ({ format: { name: 'text', kind: 'text', maxLength } });
const decimal = { format: { name: 'mass', kind: 'decimal', fractionDigits: 6 } };
field(AT, 'Goods item', { group: true, max: 3 });
field(`${AT}/Commodity`, 'Commodity', { group: true });
field(`${AT}/Commodity/descriptionOfGoods`, 'Description of goods', text(40));
field(`${AT}/Commodity/GoodsMeasure`, 'Measure', { group: true });
field(`${AT}/Commodity/GoodsMeasure/grossMass`, 'Gross mass', decimal);
field(`${AT}/Packaging`, 'Packaging', { group: true, max: 99 });
field(`${AT}/Packaging/typeOfPackages`, 'Type of packages', text(2));
const codeOfSix = { format: { name: 'an6', kind: 'text', minLength: 6, maxLength: 6 } };
field(`${AT}/Commodity/CommodityCode`, 'Commodity code', { group: true });
field(`${AT}/Commodity/CommodityCode/harmonizedSystemSubHeadingCode`, 'Sub-heading', {
  ...codeOfSix,
  list: { number: 'CL152', name: 'HSCode' },
});
field(`${AT}/Commodity/cusCode`, 'CUS code', codeOfSix);
const definition = { byPath: elements };
const read = (table) => csv.readItems(table, definition);

test('a code that a spreadsheet took for a number has its first zero again', () => {
  const { items, faults } = read('Sub-heading\n80810\n870830\n8081\n');
  const codes = items.map(({ Commodity }) => Commodity.CommodityCode.harmonizedSystemSubHeadingCode);
  assert.deepEqual(codes, ['080810', '870830']);
  assert.deepEqual(
    faults.map(({ line }) => line),
    [4],
    'two digits are missing',
  );
  assert.equal(read('CUS code\n12345\n').faults.length, 1, 'what is no code of a list stays as it is');
});

test('columns are known by name and by label, in any order and with any separator', () => {
  const one = read('Gross mass;descriptionOfGoods;Type of packages\n"2 210,25";Brake pads;CT\n');
  const other = read('\uFEFFdescriptionOfGoods,typeOfPackages,grossMass\r\nBrake pads,CT,2210.25\r\n');
  const item = {
    Commodity: { descriptionOfGoods: 'Brake pads', GoodsMeasure: { grossMass: '2210.25' } },
    Packaging: [{ typeOfPackages: 'CT' }],
  };
  assert.deepEqual(one, { items: [item], faults: [] });
  assert.deepEqual(other.items, [item]);
});

test('a line that is wrong is told with its number and left out, the others are taken', () => {
  const { items, faults } = read(
    'Gross mass;Description of goods\n1,5;Tyres\nheavy;Tyres\n\n2;"two\nlines"\n3;x;y\n',
  );
  assert.equal(items.length, 2);
  assert.deepEqual(
    faults.map(({ line }) => line),
    [3, 7],
  );
  assert.match(faults[0].text, /heavy/);
  assert.equal(items[1].Commodity.descriptionOfGoods, 'two\nlines');
});

test('a column that no field is called by is told, and does no harm', () => {
  const { items, faults } = read('Gross mass;Colour\n1;red\n');
  assert.deepEqual(items, [{ Commodity: { GoodsMeasure: { grossMass: '1' } } }]);
  assert.deepEqual([faults.length, faults[0].line], [1, 1]);
  assert.match(faults[0].text, /Colour/);
  assert.deepEqual(read('Colour\nred\n').items, []);
});

test('more items than a declaration may have, an open quotation and an empty file are told', () => {
  const { items, faults } = read(`Gross mass\n${'1\n'.repeat(5)}`);
  assert.deepEqual([items.length, faults.map(({ line }) => line)], [3, [5, 6]]);
  assert.deepEqual(read('Gross mass\n"1\n2\n').faults[0].line, 2);
  assert.deepEqual(read('').faults[0].line, 1);
});

test('the example can be read as it is given', () => {
  const { items, faults } = read(csv.example(definition, 'en'));
  assert.equal(items[0].Commodity.descriptionOfGoods, 'Brake pads for lorries');
  assert.equal(items[0].Commodity.GoodsMeasure.grossMass, '2210.250');
  // The columns that this small catalogue does not have are told, each once.
  assert.deepEqual(
    faults.map(({ line }) => line),
    [1, 1, 1],
  );
});

test('a table in an old code page is read as well', async () => {
  const octets = new Uint8Array([0xd8, 0xe8, 0xed, 0xfb]);
  assert.equal(await csv.textOf(new Blob([octets])), 'Шины');
  assert.equal(await csv.textOf(new Blob(['Шины'])), 'Шины');
});

test('a workbook is read like a table in text: texts, numbers as they were typed, gaps, lines', async () => {
  const octets = workbook({
    'xl/sharedStrings.xml':
      '<sst><si><t>Gross mass</t></si><si><r><t>Description </t></r><r><t>of goods</t></r><rPh><t>x</t></rPh></si>' +
      '<si><t xml:space="preserve">Tyres &amp; tubes &#8470;&#x20;1</t></si></sst>',
    'xl/worksheets/sheet1.xml':
      '<x:worksheet><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="s"><x:v>1</x:v></x:c>' +
      '<x:c r="D1" t="inlineStr"><x:is><x:t>typeOfPackages</x:t></x:is></x:c></x:row>' +
      '<x:row r="2"><x:c r="A2"><x:v>2210.2500000000005</x:v></x:c><x:c r="B2" t="s"><x:v>2</x:v></x:c><x:c r="C2" s="1"/>' +
      '<x:c r="D2" t="str"><x:f>A1</x:f><x:v>CT</x:v></x:c></x:row>' +
      '<x:row r="5"><x:c r="A5" t="str"><x:v>heavy</x:v></x:c></x:row></x:sheetData></x:worksheet>',
  });
  const { items, faults } = await csv.importItems(new Blob([octets]), definition);
  assert.deepEqual(items, [
    {
      Commodity: { descriptionOfGoods: 'Tyres & tubes № 1', GoodsMeasure: { grossMass: '2210.25' } },
      Packaging: [{ typeOfPackages: 'CT' }],
    },
  ]);
  assert.deepEqual(
    faults.map(({ line }) => line),
    [5],
  );
});

test('a formula does not become part of a value, and the first sheet is found by its relation', async () => {
  const octets = workbook({
    'xl/workbook.xml':
      '<workbook><sheets><sheet name="Goods" sheetId="7" r:id="rId9"/><sheet r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Target="/xl/worksheets/goods.xml" Id="rId9"/></Relationships>',
    'xl/worksheets/sheet1.xml': '<worksheet/>',
    'xl/worksheets/goods.xml':
      '<worksheet><sheetData><row><c t="inlineStr"><is><t>Gross mass</t></is></c></row><row><c><f>1+1</f><v>2</v></c></row></sheetData></worksheet>',
  });
  const { items } = await csv.importItems(new Blob([octets]), definition);
  assert.deepEqual(items, [{ Commodity: { GoodsMeasure: { grossMass: '2' } } }]);
});

test('a workbook that unpacks to more than it may, or is cut off, is told and nothing is kept', async () => {
  const bomb = workbook({ 'xl/worksheets/sheet1.xml': 'a'.repeat(40_000_000) });
  assert.ok(bomb.length < 200_000);
  const cut = workbook({ 'xl/worksheets/sheet1.xml': '<worksheet/>' }).subarray(0, 60);
  const lies = workbook({ 'xl/worksheets/sheet1.xml': '<worksheet/>' });
  // The mark of the only entry in the directory.
  lies.fill(0xff, lies.length - 92, lies.length - 90);
  const noise = workbook({ 'xl/worksheets/sheet1.xml': '<worksheet/>' });
  noise.fill(0xff, 55, 62);
  const old = new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]);
  for (const [octets, told] of [
    [bomb, /larger/],
    [new Uint8Array(6_000_000).fill(0x50), /empty|field/],
    [Buffer.concat([workbook({ a: 'b' }), Buffer.alloc(5_000_000)]), /larger/],
    [workbook({ 'xl/other.xml': 'x' }), /no sheet/],
    [cut, /cannot be read/],
    [lies, /cannot be read/],
    [noise, /cannot be read/],
    [old, /save the table/],
  ]) {
    const { items, faults } = await csv.importItems(new Blob([octets]), definition);
    assert.deepEqual(items, []);
    assert.match(faults[0].text, told);
  }
});

test('what a message does not have is named with the way to it', () => {
  const item = elements.get(`${AT}/Packaging`);
  const root = {
    byName: new Map([
      [
        'Packaging',
        { ...item, byName: new Map([['typeOfPackages', elements.get(`${AT}/Packaging/typeOfPackages`)]]) },
      ],
    ]),
  };
  const tree = { Packaging: [{ typeOfPackages: 'CT' }, { colour: 'red' }], extra: '1' };
  assert.deepEqual(json.strangers(root, tree), ['/Packaging[2]/colour', '/extra']);
});

test('a part of a message keeps every digit on its way through the catalogue', () => {
  const measure = {
    ...elements.get(`${AT}/Commodity/GoodsMeasure`),
    children: [elements.get(`${AT}/Commodity/GoodsMeasure/grossMass`)],
  };
  const written = json.writePart(measure, { grossMass: '1270.250' });
  assert.equal(written, '{"grossMass":1270.250}');
  assert.equal(Number(json.readPart(written).grossMass), 1270.25);
  assert.equal(json.readPart('[1]'), null);
});

test('what was in use is walked back from what is in use now, to the hundredth', async () => {
  const { plotOf } = await vite.ssrLoadModule('/src/pages/in-use.ts');
  const posting = (reason, amount) => ({
    reason,
    postedAt: '2026-11-30T10:00:00Z',
    amount: { amount, currency: 'EUR' },
  });
  const ledger = [
    posting('pay', '0.10'),
    posting('call', '0.30'),
    posting('reduce', '0.70'),
    posting('hold', '1.00'),
    posting('open', '90071992547409.93'),
  ];
  assert.deepEqual(plotOf(ledger, '0').series[0].values, [0, 1, 0.3, 0, 0]);
  assert.deepEqual(plotOf([], '5').labels, []);
});
