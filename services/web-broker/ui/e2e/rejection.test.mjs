// A rejection of customs: its errors stand at their fields, and the repaired declaration is sent again.
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);
test('a rejected declaration is repaired and sent again', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  const lrn = await declarant.field('TransitOperation.LRN').inputValue();
  await send(declarant);
  await declarant.state('Awaits release');
  await declarant.press('Copy as a new declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill('TransitOperation.LRN', lrn);
  await send(declarant);
  await declarant.state('Rejected');
  await declarant.accessible('rejected');
  await declarant.press('Repair and send again');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.page.locator('.field.wrong', { hasText: 'LRN' }).waitFor();
  await declarant.accessible('draft-rejected');
  await declarant.fill('TransitOperation.LRN', `${lrn}R`);
  await send(declarant);
  await declarant.state('Awaits release');
  await declarant.leave();
});
