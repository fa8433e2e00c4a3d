// Beside the usual way: an amendment that customs asks for, with what it changes shown.
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

test('an amendment is asked for and made', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();

  const departure = await Person.signedIn('officer-departure');
  await departure.page.getByRole('link', { name: mrn }).click();
  await departure.press('Ask for an amendment');
  await departure.page.getByLabel('Reason').fill('the place of loading is not precise');
  await departure.press('Confirm');
  await declarant.state('Amendment requested');
  await declarant.press('Amend');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  await declarant.press('Check', { exact: true });
  await declarant.page.getByRole('row', { name: /Almaty, yard 7/ }).waitFor();
  await declarant.accessible('amendment');
  await declarant.press(/^Sign as/);
  await declarant.page.waitForURL(/\/desk\/movements\//);
  await declarant.state('Awaits release');
  await departure.state('Awaits release');
  await departure.decide('Release');
  await declarant.state('On its way');
  await departure.leave();
  await declarant.leave();
});
