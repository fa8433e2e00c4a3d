// A form that asks for what the message of now needs: fields come, are required, and go by the conditions of the rules.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit } from './browser.mjs';

before(launch);
after(quit);

const CARNET = 'TransitOperation.TIRCarnetNumber';

test('a field is required where a condition says so, and what must not be given is told and never lost', {
  timeout: 180_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await declarant.press('New declaration');
  await page.waitForURL(/\/desk\/drafts\//);
  // A short list is a choice once it is there.
  await page.locator('select[id="f-TransitOperation.declarationType"]').waitFor();
  const carnet = declarant.field(CARNET);
  // T1: no carnet, and none among the optional fields.
  await page.locator('.tasks').getByText('In progress').first().waitFor();
  assert.equal(await carnet.count(), 0);
  assert.equal(await page.getByText('+ TIR carnet number').count(), 0);

  await declarant.fill('TransitOperation.declarationType', 'TIR');
  await carnet.waitFor();
  assert.equal(await carnet.getAttribute('aria-required'), 'true');
  await page
    .locator('label', { has: page.getByText('(required)') })
    .first()
    .waitFor();
  await declarant.fill(CARNET, 'XX12345678');
  await declarant.accessible('conditions-required');

  await declarant.speak('en');
  await declarant.fill('TransitOperation.declarationType', 'T1');
  const notice = page.locator('.notice', { hasText: 'nothing may be stated here' });
  await notice.getByText('C0411').waitFor();
  assert.equal(await carnet.inputValue(), 'XX12345678');
  await page.getByText(/^Saved at/).waitFor();
  await page.reload();
  await notice.waitFor();
  assert.equal(await declarant.field(CARNET).inputValue(), 'XX12345678', 'what was entered is kept');
  await declarant.accessible('conditions-not-allowed');
  for (const language of ['ru', 'kk']) {
    await declarant.speak(language);
    await declarant.picture(`conditions-not-allowed-${language}`);
  }
  await declarant.speak('en');
  await notice.getByRole('button', { name: /^Clear/ }).click();
  await notice.waitFor({ state: 'detached' });
  await carnet.waitFor({ state: 'detached' });
  await declarant.leave();
});
