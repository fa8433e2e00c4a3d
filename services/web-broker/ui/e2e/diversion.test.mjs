// Goods that take another way: an office that was not declared takes the place of one that was.
import { after, before, test } from 'node:test';
import { launch, Person, quit, released } from './browser.mjs';

before(launch);
after(quit);

test('goods come to another office of transit than the declared one', { timeout: 300_000 }, async () => {
  const { declarant, mrn } = await released();
  const transit = await Person.signedIn('officer-transit-kg');
  const { page } = transit;
  await page.getByRole('link', { name: mrn }).click();
  await transit.press('Take the place of another office');
  await page.getByLabel('Reason').fill('the road over Ak-Zhol is closed');
  await transit.accessible('diverting');
  await transit.press('Confirm');
  await page.locator('[data-act="diversion"]', { hasText: 'KGAKZ001' }).waitFor();
  // The declarant learns of it without a reload, and the goods cross where they are.
  const route = declarant.page.locator('.route');
  await route.getByText('KGOSH001').waitFor();
  await declarant.accessible('movement-diverted');
  await page.locator('[data-crossing="KGOSH001"]').click();
  await declarant.page.getByText('Crossed an office').first().waitFor();
  await transit.leave();
  await declarant.leave();
});
