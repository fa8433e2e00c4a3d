// The end of a journey by unloading remarks: the permission is filled in, one difference is reported, remarks that were rejected are
// corrected where their error stands, and the goods are released.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, released } from './browser.mjs';

before(launch);
after(quit);

const PACKAGES = 'Consignment.HouseConsignment.0.ConsignmentItem.1.Packaging.0.numberOfPackages';

test('one difference is reported, rejected remarks are corrected, and the goods are released', {
  timeout: 300_000,
}, async () => {
  const { declarant, mrn } = await released();
  const carrier = await Person.signedIn('carrier');
  await carrier.page.getByRole('link', { name: 'Arrivals' }).click();
  await carrier.press('Notify an arrival');
  await carrier.fill('TransitOperation.MRN', mrn);
  await carrier.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
  await carrier.press('Check', { exact: true });
  await carrier.press(/^Sign as/);
  await carrier.page.waitForURL(/\/desk\/arrivals\/[0-9a-f-]+$/);
  await carrier.state('Notified');
  const arrival = carrier.page.url();

  const officer = await Person.signedIn('officer-destination');
  await officer.page.getByRole('link', { name: mrn }).click();
  await officer.press('Permit unloading');
  await carrier.state('Unloading permitted');

  // Everything is there as it was declared; one number is not as it was found.
  await carrier.press('Unloading remarks');
  await carrier.holds(PACKAGES, '40');
  assert.equal(await carrier.field('UnloadingRemark.conform').isChecked(), true);
  await carrier.fill(PACKAGES, '39');
  assert.equal(await carrier.field('UnloadingRemark.conform').isChecked(), false);
  await carrier.accessible('unloading-remarks');
  await carrier.fill('TransitOperation.MRN', '26KZABCDEFGHIJKLJ5');
  await carrier.press('Check', { exact: true });
  await carrier.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await carrier.page.getByRole('row', { name: /Number of packages.* 40 39/ }).waitFor();
  await carrier.page.locator('.doc').getByText('39').waitFor();
  assert.equal(await carrier.page.locator('.doc').getByText('Brake pads for lorries').count(), 0);
  assert.equal(await carrier.page.locator('.doc').getByText('Tyres for lorries').count(), 0);
  await carrier.accessible('unloading-review');
  await carrier.press(/^Sign as/);

  // Customs knows no such number: the error stands at its field, beside everything that was entered.
  await carrier.page.waitForURL(arrival);
  await carrier.page.getByText('Customs has rejected the unloading remarks').waitFor();
  await carrier.accessible('unloading-rejected');
  await carrier.press('Correct the unloading remarks');
  await carrier.page.locator('.field.wrong', { hasText: 'not known to customs' }).waitFor();
  await carrier.holds(PACKAGES, '39');
  await carrier.accessible('unloading-repair');
  // What is wrong is told in the language of now, not of when it was found.
  await carrier.speak('ru');
  await carrier.page.locator('.field.wrong', { hasText: 'таможне не известно' }).waitFor();
  await carrier.speak('en');
  // A number that is only written otherwise is mended by a press, and one goes on at its field.
  await carrier.fill('TransitOperation.MRN', mrn.toLowerCase());
  await carrier.press('Check', { exact: true });
  await carrier.press(/^Apply: /);
  await carrier.holds('TransitOperation.MRN', mrn);
  assert.equal(
    await carrier.page.evaluate(() => document.activeElement?.id),
    'f-TransitOperation.MRN',
    'the focus is at what was mended',
  );
  await carrier.press('Check', { exact: true });
  await carrier.press(/^Sign as/);
  await carrier.state('Remarks received');

  await officer.press('Record the control at destination');
  await officer.press('Confirm');
  await carrier.state('Goods released');
  await declarant.state('Written off');
  for (const person of [carrier, officer, declarant]) await person.leave();
});

test('an arrival that does not exist is told, and so are remarks that nobody expects', {
  timeout: 120_000,
}, async () => {
  const carrier = await Person.signedIn('carrier');
  const nobody = '01a22dfe-0000-7000-8000-000000000000';
  await carrier.page.goto(`/desk/arrivals/${nobody}`);
  await carrier.page.getByText('There is no such arrival').waitFor();
  await carrier.accessible('arrival-unknown');
  await carrier.page.goto(`/desk/arrivals/${nobody}/unloading`);
  await carrier.page.getByText('Unloading remarks are not expected').waitFor();
  await carrier.leave();
});
