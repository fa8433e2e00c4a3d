// The officer's day by keyboard: through the queue and into a case without a mouse, a list of the keys, and turned off where wanted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

const focused = (page) => page.evaluate(() => document.activeElement?.textContent ?? '');

test('an officer goes through the queue by keyboard', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  const numbers = [];
  for (let number = 0; number < 2; number++) {
    // The key is kept in memory only: the desk is gone to without a reload.
    await declarant.page.getByRole('link', { name: 'Desk', exact: true }).click();
    await complete(declarant, { ...sandbox.guarantee, amount: '100' });
    await send(declarant);
    await declarant.state('Awaits release');
    numbers.push(await declarant.page.locator('h1').textContent());
  }

  const officer = await Person.signedIn('officer-departure');
  const { page } = officer;
  const rows = page.locator('a[data-row]');
  await page.getByRole('link', { name: numbers[1] }).waitFor();
  await officer.accessible('queue');

  // The list of the keys, by a key of its own.
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.waitFor();
  await officer.accessible('queue-keys');
  // A dialog has the keys for itself.
  await page.keyboard.press('j');
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });

  const texts = await rows.allTextContents();
  await page.keyboard.press('j');
  assert.equal(await focused(page), texts[0], 'j goes to the first row');
  await page.keyboard.press('j');
  assert.equal(await focused(page), texts[1], 'and on to the next one');
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(page), texts[0], 'arrows do the same');
  await page.keyboard.press('k');
  assert.equal(await focused(page), texts[0], 'k stays at the first row');

  // What is carried, without leaving the queue.
  await page.keyboard.press('v');
  await page.locator('[data-carried]').getByText('Brake pads for lorries').waitFor();
  await officer.accessible('queue-carried');
  await page.keyboard.press('Escape');
  await page.locator('[data-carried]').waitFor({ state: 'detached' });

  // What is written stays writing: letters of the search are no keys.
  await page.keyboard.press('/');
  await page.keyboard.type('jkv');
  assert.equal(await page.getByLabel('MRN', { exact: true }).first().inputValue(), 'jkv');
  await page.getByText('Nothing waits at this office').last().waitFor();
  await page.getByLabel('MRN', { exact: true }).first().fill(numbers[1]);
  await page.waitForFunction(() => document.querySelectorAll('a[data-row]').length === 1);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: numbers[1], level: 1 }).waitFor();
  await officer.accessible('case-with-risk');

  // At the case: the decisions, one after the other, and back.
  await page.getByRole('button', { name: 'Release', exact: true }).waitFor();
  await page.keyboard.press('d');
  assert.equal(await focused(page), 'Release');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), 'Order a control');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Order a control' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('q');
  await page.waitForURL(/\/desk\/queue$/);

  // Turned off, a key is a key again; the button at the foot of the page turns them on.
  await officer.press('Keyboard shortcuts');
  await page.getByLabel('Use these keys').uncheck();
  await page.keyboard.press('Escape');
  await rows.first().waitFor();
  await page.locator('h1').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('?');
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
  await page.reload();
  await officer.press('Keyboard shortcuts');
  await page.getByLabel('Use these keys').check();
  await page.keyboard.press('Escape');
  await rows.first().waitFor();
  await page.locator('h1').focus();
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-row')), true);

  for (const person of [declarant, officer]) await person.leave();
});
