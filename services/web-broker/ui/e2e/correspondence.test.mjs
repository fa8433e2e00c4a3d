// What an office and a declarant tell each other: a question and its answer with a document, both seen without a reload; photographs
// at a control, which customs alone sees; and what an amendment has changed, at the officer's case.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

const PDF = Buffer.from('%PDF-1.7\n% an invoice\n');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

test('an office asks, the declarant answers with a document, and an amendment is compared', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();

  const officer = await Person.signedIn('officer-departure');
  await officer.page.getByRole('link', { name: mrn }).click();
  await officer.press('Write a note');
  await officer.press('Send', { exact: true });
  await officer.page.getByText('Say something').waitFor();
  await officer.page.getByLabel('What you want to say').fill('Which pallets hold the tyres?');
  await officer.page.getByLabel('An answer is asked for').check();
  await officer.accessible('note-asking');
  await officer.press('Send', { exact: true });

  // It comes by itself, and so does the answer.
  const question = declarant.page.locator('[data-note="1"]');
  await question.getByText('waits for an answer').waitFor();
  await declarant.press('Answer No. 1');
  await declarant.page.getByLabel('Your answer to No. 1').fill('Pallets 3 and 4, see the invoice.');
  const files = declarant.page.locator('input[type=file][aria-label^="Add files"]');
  const file = (name, buffer) => ({ name, mimeType: 'application/pdf', buffer });
  await files.setInputFiles(file('virus.pdf', Buffer.from('MZ not a document')));
  await declarant.press('Send', { exact: true });
  await declarant.page.getByText('Only PDF, JPEG, PNG and WebP are taken').first().waitFor();
  await declarant.press('Leave out virus.pdf');
  await files.setInputFiles(file('invoice.pdf', PDF));
  await declarant.accessible('note-answering');
  await declarant.press('Send', { exact: true });
  const answer = officer.page.locator('[data-note="2"]');
  await answer.getByText('Pallets 3 and 4').waitFor();
  const [download] = await Promise.all([
    officer.page.waitForEvent('download'),
    answer.locator('[data-file="invoice.pdf"]').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'invoice.pdf');
  const saved = await (await download.createReadStream()).toArray();
  assert.deepEqual(Buffer.concat(saved), PDF);
  assert.equal(await question.getByText('waits for an answer').count(), 0);
  await officer.accessible('notes-at-the-case');

  await officer.press('Order a control');
  await officer.page.getByLabel('Reason').fill('seals');
  await officer.press('Confirm');
  await declarant.state('Under control');
  await officer.press('Record the result');
  await officer.press('Confirm');
  await officer.state('Awaits release');
  const photos = officer.page.locator('input[type=file][aria-label="Add photographs to act 2"]');
  await photos.setInputFiles({ name: 'seal.png', mimeType: 'image/png', buffer: PNG });
  await officer.page.locator('[data-act="control"] [data-file="seal.png"]').waitFor();

  await declarant.state('Awaits release');
  await declarant.press('Amend');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill('Consignment.referenceNumberUCR', 'ALT-TAS-7782');
  await send(declarant);
  await declarant.state('Awaits release');
  const changed = officer.page.locator('tr.diff', { hasText: 'ALT-TAS-7782' });
  await changed.locator('del', { hasText: 'ALT-TAS-7781' }).waitFor();
  await officer.accessible('case-versions');
  await officer.press('Read the declaration');
  await officer.page.locator('dialog .facts').first().waitFor();
  await officer.accessible('case-declaration');
  await officer.page.locator('dialog').getByRole('button', { name: 'Close' }).click();
  await officer.page.getByLabel('Version', { exact: true }).selectOption('1');
  await officer.page.getByText('The declaration as it was lodged').waitFor();
  assert.equal(
    await declarant.page.locator('[data-file="seal.png"]').count(),
    0,
    "photographs are customs' own",
  );
  await officer.leave();
  await declarant.leave();
});

test('a note is answered by keyboard alone on a screen of 320 pixels', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant', { viewport: { width: 320, height: 640 } });
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  await declarant.page.getByRole('button', { name: 'Write a note' }).focus();
  await declarant.page.keyboard.press('Enter');
  await declarant.page.getByLabel('What you want to say').focus();
  await declarant.page.keyboard.type('When will the goods be looked at?');
  await declarant.page.keyboard.press('Tab');
  await declarant.page.keyboard.press('Enter');
  await declarant.page.locator('[data-note="1"]').waitFor();
  await declarant.accessible('narrow-notes');
  await declarant.leave();
});
