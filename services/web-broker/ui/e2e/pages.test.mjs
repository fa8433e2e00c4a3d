// Every page of everybody: no finding of axe in three languages, nothing lost at 320 pixels, and no mouse needed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AREAS } from './areas.mjs';
import { launch, Person, quit, SUITE, sandbox } from './browser.mjs';

before(launch);
after(quit);

test('the first page and a page that does not exist', { timeout: 180_000 }, async () => {
  const visitor = await Person.visit();
  await visitor.page.goto('/');
  await visitor.page.locator('[data-login]').first().waitFor();
  await visitor.accessible('first-page');
  await visitor.page.goto('/desk/no-such-page');
  await visitor.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await visitor.accessible('no-such-page');
  await visitor.leave();
});

test('a wrong password and a file that is no key are told at the field', { timeout: 180_000 }, async () => {
  const visitor = await Person.visit();
  await visitor.page.goto('/');
  const form = visitor.page.locator('form').last();
  await form.getByRole('button', { name: 'Sign in' }).click();
  await visitor.page.getByText('Choose your key file').waitFor();
  await form
    .getByLabel('Key file')
    .setInputFiles({ name: 'a.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from('no key') });
  await form.getByRole('button', { name: 'Sign in' }).click();
  await visitor.page.getByText('This file is no PKCS#12 key').waitFor();
  const key = await fetch(new URL(sandbox.keys[0].file, SUITE));
  await form.getByLabel('Key file').setInputFiles({
    name: 'a.p12',
    mimeType: 'application/x-pkcs12',
    buffer: Buffer.from(await key.arrayBuffer()),
  });
  await form.getByLabel('Password of the key').fill('wrong');
  await form.getByRole('button', { name: 'Sign in' }).click();
  await visitor.page.getByText('The password does not open this key').waitFor();
  await visitor.accessible('wrong-password');
  await visitor.leave();
});

for (const [login, paths] of Object.entries(AREAS)) {
  test(`the areas of ${login}`, { timeout: 600_000 }, async () => {
    const person = await Person.signedIn(login);
    for (const path of paths) {
      await person.page.goto(path);
      await person.page.locator('h1').waitFor();
      await person.accessible(`${login}${path.replaceAll('/', '-')}`);
    }
    await person.leave();
  });
}

test('nothing is lost on a screen of 320 pixels', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant', { viewport: { width: 320, height: 640 } });
  await declarant.accessible('narrow-desk');
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.field('CustomsOfficeOfDeparture.referenceNumber').waitFor();
  await declarant.accessible('narrow-draft');
  await declarant.page.goto('/desk/organisation');
  await declarant.accessible('narrow-organisation');
  await declarant.leave();
});

test('a declaration is begun and checked by keyboard alone', { timeout: 300_000 }, async () => {
  const declarant = await Person.visit();
  const { page } = declarant;
  await page.goto('/');
  await page.locator('[data-login="declarant"]').waitFor();
  await reach(page, () => document.activeElement?.getAttribute('data-login') === 'declarant');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/desk/);
  await page.getByRole('button', { name: 'New declaration' }).waitFor();
  await reach(page, () => document.activeElement?.textContent === 'New declaration');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/desk\/drafts\//);
  await declarant.field('CustomsOfficeOfDeparture.referenceNumber').waitFor();
  await reach(page, () => document.activeElement?.id === 'f-CustomsOfficeOfDeparture.referenceNumber');
  await page.keyboard.type('Almaty');
  await page.locator('.combo [role="option"]').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.match(
    await declarant.field('CustomsOfficeOfDeparture.referenceNumber').inputValue(),
    /^KZ[A-Z]{3}\d{3}$/,
  );
  await reach(page, () => document.activeElement?.textContent === 'Check');
  await page.keyboard.press('Enter');
  await page.locator('.summary').waitFor();
  await reach(page, () => document.activeElement?.matches('.summary a'));
  await page.keyboard.press('Enter');
  assert.match(await page.evaluate(() => document.activeElement?.id ?? ''), /^f-/);
  await declarant.leave();
});

/** Presses Tab until the focus is where it should be. */
async function reach(page, there) {
  for (let presses = 0; presses < 200; presses++) {
    if (await page.evaluate(there)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail('not reached by keyboard');
}
