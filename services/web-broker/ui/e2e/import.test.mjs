// What need not be typed again: items from a table with a report line by line, a template, the address book, the catalogue of goods.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, saved, send } from './browser.mjs';
import { sheet, workbook } from './workbook.mjs';

before(launch);
after(quit);

const ITEM = 'Consignment.HouseConsignment.0.ConsignmentItem';

test('items come from a table, and what cannot be taken over is told with its line', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  const sample = await saved(declarant, 'An example to fill in');
  const [head, line] = sample.octets.toString().trim().split('\r\n');
  const table = [head, line, line.replace('2210.250', 'heavy'), line.replace('2210.250', '"1 270,25"')];
  const files = declarant.page.locator('input[accept*=csv]');
  await files.setInputFiles({
    name: 'items.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(table.join('\r\n')),
  });
  await declarant.page.getByText('Items taken over: 2').waitFor();
  await declarant.page.getByText(/^Line 3: .*heavy/).waitFor();
  assert.equal(await declarant.field(`${ITEM}.1.Commodity.GoodsMeasure.grossMass`).inputValue(), '1270.25');
  await declarant.accessible('imported');

  // The same table as a workbook, where numbers are numbers.
  const names = head.replace(/^\uFEFF/, '').split(';');
  const [goods, code, , net, kind, packages, marks] = line.split(';');
  const book = sheet([
    names,
    [`${goods} & more`, code, 15.5, Number(net), kind, Number(packages), marks],
    [goods, 'none', 1, 1, kind, 1, marks],
  ]);
  await files.setInputFiles({ name: 'items.xlsx', mimeType: 'application/octet-stream', buffer: book });
  await declarant.page.getByText('Items taken over: 1').waitFor();
  await declarant.page.getByText(/^Line 3: .*none/).waitFor();
  assert.equal(await declarant.field(`${ITEM}.2.Commodity.GoodsMeasure.grossMass`).inputValue(), '15.5');
  const bomb = workbook({ 'xl/worksheets/sheet1.xml': 'a'.repeat(40_000_000) });
  await files.setInputFiles({ name: 'bomb.xlsx', mimeType: 'application/octet-stream', buffer: bomb });
  await declarant.page.getByText('the table is larger than can be taken over').waitFor();
  await declarant.leave();
});

test('a message that is no message is told with line and column, one with more than it may have with the names', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  const files = declarant.page.locator('input[accept*=xml]');
  const bring = (name, text) =>
    files.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });
  await bring('broken.json', '{\n  "n1:CC015C": {\n    oops\n');
  await declarant.page.getByText(/Line 3:\d+/).waitFor();
  await declarant.accessible('import-unreadable');
  await bring(
    'more.json',
    JSON.stringify({
      'n1:CC015C': {
        '@PhaseID': 'NCTS6',
        TransitOperation: { LRN: 'X', declarationType: 'T1', colour: 'red' },
      },
    }),
  );
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.page.getByText('/TransitOperation/colour').waitFor();
  await declarant.leave();
});

test('a template, a party and goods are kept and used again', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await complete(declarant, sandbox.guarantee);
  const consignee = page.locator('[id="f-Consignment.Consignee"]');
  await consignee.getByRole('button', { name: 'Address book: keep this' }).click();
  await page.getByText('Kept: Chilonzor Auto Parts LLC').waitFor();
  const goods = page.locator(`[id="f-${ITEM}.1"]`);
  await goods.getByRole('button', { name: 'Catalogue of goods: keep this' }).click();
  await page.getByText('Kept: Tyres for lorries').waitFor();
  await page.getByLabel('Name of the draft').fill('Almaty to Tashkent');
  await declarant.press('Keep as a template');
  await page.getByText('Kept as a template').waitFor();

  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await page.getByRole('button', { name: 'Begin with this: Almaty to Tashkent' }).waitFor();
  await declarant.accessible('desk-templates');
  await declarant.press('Begin with this: Almaty to Tashkent');
  await page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill('Consignment.Consignee.name', '');
  await consignee.getByRole('button', { name: 'Address book: choose' }).click();
  await page.getByLabel('Part of the name').fill('CHILONZOR');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await declarant.accessible('address-book');
  await page.locator('[data-entry="Chilonzor Auto Parts LLC"]').first().click();
  await declarant.holds('Consignment.Consignee.name', 'Chilonzor Auto Parts LLC');
  await page
    .locator(`[id="f-${ITEM}.0"]`)
    .getByRole('button', { name: 'Catalogue of goods: choose' })
    .click();
  await page.locator('[data-entry="Tyres for lorries"]').first().click();
  await declarant.holds(`${ITEM}.0.Commodity.GoodsMeasure.grossMass`, '1270.250');
  await send(declarant);
  await declarant.state('Awaits release');
  await declarant.leave();
});
