// Pages on paper: what a movement is, without anything that can be pressed; a message that is open alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, quit, released, sandbox, shots } from './browser.mjs';

before(launch);
after(quit);

/** The text on each sheet. */
async function sheets(person, name) {
  const pdf = await person.page.pdf({ format: 'A4' });
  const file = `${shots}/print-${name}.pdf`;
  writeFileSync(file, pdf);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return text.split('\f').filter((sheet) => sheet.trim());
}

test('a movement, a message and a guarantee are printed without what cannot be pressed', {
  timeout: 300_000,
}, async () => {
  const { declarant, mrn } = await released();
  const { page } = declarant;
  const movement = (await sheets(declarant, 'movement')).join('\n');
  for (const told of [mrn, 'On its way', 'KZALA001', 'UZTAS001', 'What has happened', 'Transit declaration'])
    assert.ok(movement.includes(told), `${told} is on paper:\n${movement}`);
  for (const button of ['Sign out', 'Write a note', 'Қазақша']) assert.ok(!movement.includes(button), button);

  await page.getByRole('button', { name: /^Read/ }).first().click();
  await page.locator('dialog[open] .facts').first().waitFor();
  const message = await sheets(declarant, 'message');
  assert.ok(message.join('\n').includes('Local reference number (LRN)'), message.join('\n'));
  assert.ok(!message.join('\n').includes('What has happened'), 'what lies under the message is not printed');
  await page.keyboard.press('Escape');

  await page.goto(`/desk/guarantees/${sandbox.guarantee.grn}`);
  await page.locator('[data-total]').waitFor();
  const guarantee = (await sheets(declarant, 'guarantee')).join('\n');
  assert.ok(guarantee.includes(sandbox.guarantee.grn) && guarantee.includes('Running total'), guarantee);
  await declarant.leave();
});
