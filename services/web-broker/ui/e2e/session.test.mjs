// A session that ends in the middle of a draft.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, openKey, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

/** Ends the session of `person` behind the back of the page: its token is good for nothing from here on. */
async function ends({ page }) {
  const told = await page.evaluate(async () => {
    const { accessToken } = JSON.parse(sessionStorage.getItem('ecustoms.session'));
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ query: 'mutation { closeSession { __typename } }' }),
    });
    return answer.text();
  });
  assert.equal(told, '{"data":{"closeSession":{"__typename":"CloseSessionPayload"}}}');
}

test('a session that ends in the middle of a draft loses nothing: sign in over the page, and go on', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await complete(declarant, sandbox.guarantee);
  await page.getByText(/^Saved at/).waitFor();
  await ends(declarant);
  await declarant.fill('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await declarant.accessible('session-ended');
  const key = sandbox.keys.find(({ login }) => login === 'declarant');
  await openKey(dialog, key, 'Sign in');
  await dialog.waitFor({ state: 'detached' });
  await declarant.holds('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  await declarant.holds('Consignment.Consignee.name', 'Chilonzor Auto Parts LLC');
  await page.getByText(/^Saved at/).waitFor();
  await send(declarant);
  await declarant.state('Awaits release');
  await page.locator('[data-message="CC015C"]').click();
  await page.locator('dialog').getByText('Almaty, yard 7').first().waitFor();
  await declarant.leave();
});
