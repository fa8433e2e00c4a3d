// A guarantee from its proposal to its cancellation, with everything that customs may change of it, and what versions of the reference
// data have changed.
import { after, before, test } from 'node:test';
import { launch, Person, quit, sandbox } from './browser.mjs';

before(launch);
after(quit);

/** A day of the office's calendar, so many days ahead. */
const day = (ahead) =>
  new Date(Date.now() + ahead * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' });

test('a guarantee is proposed, approved, insured for half, changed and cancelled', {
  timeout: 300_000,
}, async () => {
  const { eori } = sandbox.keys.find(({ login }) => login === 'declarant');
  const insurer = await Person.signedIn('insurer');
  await insurer.page.goto('/desk/guarantees/new');
  await insurer.page.getByLabel('Owner (EORI)', { exact: true }).fill(eori);
  await insurer.page.getByLabel('Type', { exact: true }).selectOption('1');
  await insurer.page.getByLabel('Office of guarantee', { exact: true }).fill('KZALA001');
  await insurer.page.getByLabel('Insured amount', { exact: true }).fill('20000');
  await insurer.page.getByLabel('Liabilities', { exact: true }).fill('Duties and taxes');
  await insurer.page.getByLabel('Terms of indemnity and payment', { exact: true }).fill('Within 30 days');
  await insurer.press('Propose', { exact: true });
  await insurer.page.waitForURL(/\/desk\/guarantees\/[0-9a-f-]{36}$/);
  const path = new URL(insurer.page.url()).pathname;

  const officer = await Person.signedIn('officer-departure');
  const { page } = officer;
  await page.goto(path);
  await officer.press('Take under examination', { exact: true });
  await officer.press('Approve', { exact: true });
  const code = page.getByText(/^Access code, shown this once: [0-9A-Za-z]{4}$/);
  await code.waitFor();
  const first = await code.textContent();
  await officer.accessible('guarantee-approved');
  // What the guarantor sees follows by itself.
  await insurer.state('Active');

  await officer.press('Set the share insured', { exact: true });
  await officer.press('Confirm', { exact: true });
  await page.getByText('This is needed', { exact: true }).first().waitFor();
  await officer.accessible('guarantee-share');
  await page.getByLabel('Share of the reference amount', { exact: true }).selectOption('50');
  await page.getByLabel('Number of the authorisation', { exact: true }).fill('KZ-ACG-26-0007');
  await page.getByLabel('Reason', { exact: true }).fill('Sufficient experience and resources');
  await page.getByLabel('First day', { exact: true }).fill('2020-01-01');
  await officer.press('Confirm', { exact: true });
  await page.locator('.field.wrong').waitFor();
  await page.getByLabel('First day', { exact: true }).fill(day(0));
  await officer.press('Confirm', { exact: true });
  await page.getByText('50 % of the reference amount of 40,000.00 EUR', { exact: true }).waitFor();
  await page
    .getByText('50 %, KZ-ACG-26-0007: Sufficient experience and resources', { exact: true })
    .waitFor();
  await insurer.page.reload();
  await insurer.page.getByText('50 % of the reference amount of 40,000.00 EUR', { exact: true }).waitFor();

  await officer.press('Change the insured amount', { exact: true });
  await page.getByLabel('Insured amount, EUR', { exact: true }).fill('many');
  await officer.press('Confirm', { exact: true });
  await page.locator('.field.wrong').waitFor();
  await page.getByLabel('Insured amount, EUR', { exact: true }).fill('25000,50');
  await officer.accessible('guarantee-amount');
  await officer.press('Confirm', { exact: true });
  await page.getByText('25,000.50 EUR', { exact: true }).waitFor();

  await officer.press('New access code', { exact: true });
  await officer.accessible('guarantee-new-code');
  await officer.press('Confirm', { exact: true });
  await page.waitForFunction(
    (before) => document.querySelector('.notice.good')?.textContent !== before,
    first,
  );
  await code.waitFor();
  await officer.leave();

  // Whoever has not seen the newest terms cannot cancel.
  await insurer.page.reload();
  await insurer.press('Cancel the guarantee', { exact: true });
  await insurer.accessible('guarantee-cancelling');
  await insurer.page.getByLabel('First day without new uses', { exact: true }).fill(day(1));
  await insurer.page.getByLabel('Reason', { exact: true }).fill('The owner has found another guarantor');
  await insurer.press('Confirm', { exact: true });
  // Until that day it stays in force, and says so.
  await insurer.page.locator('dt', { hasText: 'First day without new uses' }).waitFor();
  await insurer.accessible('guarantee-cancelled');
  await insurer.leave();
});

test('an administrator reads what a version of the reference data has changed', {
  timeout: 180_000,
}, async () => {
  const administrator = await Person.signedIn('administrator');
  const { page } = administrator;
  await page.goto('/desk/references');
  await page
    .getByRole('button', { name: /^What changed: \d+$/ })
    .last()
    .click();
  const dialog = page.getByRole('dialog', { name: /^What version \d+ has changed$/ });
  await dialog.getByRole('cell', { name: 'New', exact: true }).first().waitFor();
  await administrator.accessible('reference-differences');
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  await administrator.leave();
});
