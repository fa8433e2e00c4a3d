// Whole journeys by keyboard alone, from sign-in on: a declarant fills in, checks, signs and sends; an officer controls and releases.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, sandbox } from './browser.mjs';
import { Keys } from './keyboard.mjs';

before(launch);
after(quit);

/** The fields of a declaration in the order in which they stand on the page, as far as they are empty. */
const { accessCode, grn } = sandbox.guarantee;
const HOUSE = 'Consignment.HouseConsignment.0.ConsignmentItem.0';
const BEFORE = [
  ['CustomsOfficeOfDeparture.referenceNumber', 'KZALA001'],
  ['CustomsOfficeOfDestinationDeclared.referenceNumber', 'UZTAS001'],
  ['CustomsOfficeOfTransitDeclared.0.referenceNumber', 'KGAKZ001'],
];
const AFTER = [
  ['CustomsOfficeOfTransitDeclared.1.referenceNumber', 'UZDST001'],
  ['Consignment.Consignee.name', 'Chilonzor Auto Parts LLC'],
  ['Consignment.Consignee.Address.streetAndNumber', 'Bunyodkor Avenue 47'],
  ['Consignment.Consignee.Address.postcode', '100096'],
  ['Consignment.Consignee.Address.city', 'Tashkent'],
  ['Guarantee.0.GuaranteeReference.0.GRN', grn],
  ['Guarantee.0.GuaranteeReference.0.accessCode', accessCode],
  ['Guarantee.0.GuaranteeReference.0.amountToBeCovered', '10000'],
  ['Consignment.referenceNumberUCR', 'ALT-TAS-7781'],
  ['Consignment.DepartureTransportMeans.0.identificationNumber', '417AKB02'],
  ['Consignment.DepartureTransportMeans.0.nationality', 'KZ'],
  ['Consignment.PlaceOfLoading.location', 'Almaty'],
  [`${HOUSE}.Commodity.descriptionOfGoods`, 'Brake pads for lorries'],
  [`${HOUSE}.Commodity.CommodityCode.harmonizedSystemSubHeadingCode`, '870830'],
  [`${HOUSE}.Commodity.GoodsMeasure.grossMass`, '2210.250'],
  [`${HOUSE}.Commodity.GoodsMeasure.netMass`, '2104'],
  [`${HOUSE}.Packaging.0.typeOfPackages`, 'CT'],
  [`${HOUSE}.Packaging.0.numberOfPackages`, '96'],
  [`${HOUSE}.Packaging.0.shippingMarks`, 'ALT 7781/1'],
];

/** Signs in from the first page. */
async function signsIn(login) {
  const person = await Person.visit();
  await person.page.goto('/');
  await person.page.locator(`[data-login="${login}"]`).waitFor();
  const keys = new Keys(person.page);
  await keys.press({ login });
  await person.page.waitForURL(/\/desk/);
  return { person, keys };
}

test('a declaration is filled in, checked, mended, signed and sent, and goods are controlled and released', {
  timeout: 300_000,
}, async () => {
  const { person: declarant, keys } = await signsIn('declarant');
  const { page } = declarant;
  await page.getByRole('button', { name: 'New declaration' }).waitFor();
  await keys.presses('New declaration');
  await page.waitForURL(/\/desk\/drafts\//);
  await declarant.field('CustomsOfficeOfDeparture.referenceNumber').waitFor();
  // An office is found by its name and chosen from the list.
  await keys.reach({ id: `f-${BEFORE[0][0]}` });
  await page.keyboard.type('Almaty');
  await page.locator('.combo [role="option"]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await declarant.field(BEFORE[0][0]).inputValue(), BEFORE[0][1]);
  for (const [path, value] of BEFORE.slice(1)) await keys.type(`f-${path}`, value);
  await keys.presses('+ Declared customs office of transit: add');
  for (const [path, value] of AFTER.slice(0, -1)) await keys.type(`f-${path}`, value);

  // What is missing is told on top, and a link leads there.
  await keys.presses('Check');
  await page.locator('.summary').waitFor();
  const [path, marks] = AFTER.at(-1);
  await keys.press({ href: `#f-${HOUSE}.Packaging.0` });
  await keys.type(`f-${path}`, marks);
  await keys.presses('Check');
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await keys.presses('Sign as');
  await page.waitForURL(/\/desk\/movements\//);
  await declarant.state('Awaits release');
  const mrn = await page.locator('h1').textContent();

  const { person: officer, keys: hands } = await signsIn('officer-departure');
  await officer.page.getByRole('link', { name: mrn }).waitFor();
  await hands.presses(mrn);
  await officer.page.getByRole('button', { name: 'Order a control' }).waitFor();
  await hands.presses('Order a control');
  const reason = await officer.page.getByLabel('Reason').getAttribute('id');
  await hands.type(reason, 'chosen by chance');
  await officer.page.keyboard.press('Enter');
  await declarant.state('Under control');
  await officer.page.getByRole('button', { name: 'Record the result' }).waitFor();
  await hands.presses('Record the result');
  await hands.presses('Confirm');
  await officer.state('Awaits release');
  await hands.presses('Release');
  await hands.presses('Confirm');
  await officer.state('On its way');
  await declarant.state('On its way');
  await officer.leave();
  await declarant.leave();
});
