// What goes wrong and is mended: errors at their fields, a rejection that is repaired, a guarantee that does not suffice,
// a withdrawal, a copy.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, guarantee, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

const { accessCode, grn, smallAccessCode, smallGrn } = sandbox.guarantee;

test('every error stands at its field with its rule, and a link leads there', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, { grn, accessCode });
  await declarant.fill('Consignment.referenceNumberUCR', '');
  await declarant.fill('Consignment.HouseConsignment.0.ConsignmentItem.1.Packaging.0.typeOfPackages', 'QQ');
  await declarant.press('Check', { exact: true });
  const summary = declarant.page.locator('.summary');
  await summary.waitFor();
  await declarant.page.locator('.field.wrong', { hasText: 'Type of packages' }).waitFor();
  assert.match(await summary.textContent(), /C0502/);
  await declarant.accessible('draft-with-errors');
  await summary
    .getByRole('link', { name: /Goods item 2 .*Type of packages/ })
    .first()
    .click();
  const focused = await declarant.page.evaluate(() => document.activeElement?.id);
  assert.equal(focused, 'f-Consignment.HouseConsignment.0.ConsignmentItem.1.Packaging.0.typeOfPackages');
  // The language is switched in the middle: nothing that was entered is lost, and the errors are told anew.
  await declarant.page.locator('header button[lang="kk"]').click();
  assert.equal(await declarant.field('Consignment.Consignee.name').inputValue(), 'Chilonzor Auto Parts LLC');
  await declarant.page.locator('header button[lang="en"]').click();
  await declarant.fill('Consignment.referenceNumberUCR', 'ALT-1');
  await declarant.fill('Consignment.HouseConsignment.0.ConsignmentItem.1.Packaging.0.typeOfPackages', 'CT');
  await send(declarant);
  await declarant.state('Awaits release');

  // What was sent can be sent again by a few presses, and withdrawn.
  declarant.actions = 0;
  await declarant.press('Copy as a new declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await send(declarant);
  console.log(`# ${declarant.actions} actions from a copy to the signed declaration`);
  assert.ok(declarant.actions <= 8, `${declarant.actions} actions`);
  await declarant.state('Awaits release');
  await declarant.press('Withdraw');
  await declarant.accessible('withdraw');
  await declarant.press('Sign and withdraw');
  await declarant.page.getByText('Say why it is withdrawn').waitFor();
  await declarant.page.getByLabel('Why').fill('The sale was called off');
  await declarant.press('Sign and withdraw');
  await declarant.state('Withdrawn');
  await declarant.leave();
});

test('a guarantee that does not suffice is amended in time', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, { grn: smallGrn, accessCode: smallAccessCode });
  await send(declarant);
  await declarant.state('Guarantee must be amended');
  await declarant.accessible('guarantee-refused');
  declarant.actions = 0;
  await declarant.press('Amend');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await guarantee(declarant, { grn, accessCode, amount: '10000' });
  await send(declarant);
  console.log(`# ${declarant.actions} actions to amend the guarantee`);
  assert.ok(declarant.actions <= 10, `${declarant.actions} actions`);
  await declarant.state('Awaits release');
  await declarant.leave();
});

test('what was entered survives a killed tab', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill('CustomsOfficeOfDeparture.referenceNumber', 'KZALA001');
  await declarant.page.getByText(/^Saved at/).waitFor();
  // From here on the suite cannot be reached; the browser keeps what is entered.
  await declarant.page.waitForTimeout(2_000);
  await declarant.page.context().setOffline(true);
  await declarant.fill('Consignment.Consignee.name', 'Kept in the browser');
  await declarant.page.waitForTimeout(2_000);
  const draft = declarant.page.url();
  const other = await declarant.page.context().newPage();
  await declarant.page.close({ runBeforeUnload: false });
  await other.context().setOffline(false);
  await other.goto('/');
  await other.locator('[data-login="declarant"]').click();
  await other.waitForURL(/\/desk/);
  await other.goto(draft);
  await other.getByText('What this browser had kept was put back').waitFor();
  assert.equal(
    await other.locator('[id="f-Consignment.Consignee.name"]').inputValue(),
    'Kept in the browser',
  );
  assert.equal(
    await other.locator('[id="f-CustomsOfficeOfDeparture.referenceNumber"]').inputValue(),
    'KZALA001',
  );
  await other.context().close();
});
