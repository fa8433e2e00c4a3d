// How much there is to do: a typical movement of two consignments from nothing, from a file, from a copy, and an amendment of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, sandbox, saved, send, twoConsignments } from './browser.mjs';

before(launch);
after(quit);

const MOST = { nothing: 40, again: 8, amendment: 10 };

/** Counts what `act` does on the screen until a declaration is signed and sent, or a message to it. */
async function counted(declarant, what, most, act) {
  declarant.actions = 0;
  await act();
  await send(declarant);
  const { actions } = declarant;
  await declarant.state('Awaits release');
  console.log(`# ${actions} actions on the screen from ${what} to the signature`);
  assert.ok(actions <= most, `${actions} actions from ${what}`);
}

/** What was declared, as its file in XML and in JSON. */
async function files(declarant) {
  const { page } = declarant;
  await page.locator('[data-message="CC015C"]').click();
  await page.getByRole('tab', { name: 'As sent (XML)' }).click();
  const xml = await saved(declarant, 'Save file');
  await page.keyboard.press('Escape');
  const id = xml.name.replace(/^CC015C-|\.xml$/g, '');
  const json = await page.evaluate(async (message) => {
    const { accessToken } = JSON.parse(sessionStorage.getItem('ecustoms.session'));
    const query = `{ movementMessage(id: "${message}", format: JSON) { body } }`;
    const answer = await fetch('/graphql', {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()).data.movementMessage.body;
  }, id);
  return [
    { name: xml.name, mimeType: 'application/xml', buffer: xml.octets },
    { name: 'CC015C.json', mimeType: 'application/json', buffer: Buffer.from(json) },
  ];
}

test('two consignments are declared from nothing, from files and from copies, and amended', {
  timeout: 600_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await counted(declarant, 'nothing', MOST.nothing, () => twoConsignments(declarant, sandbox.guarantee));
  const first = await page.locator('h1').textContent();
  for (const file of await files(declarant)) {
    await page.getByRole('link', { name: 'Desk', exact: true }).click();
    await counted(declarant, `a file (${file.name.split('.').at(-1)})`, MOST.again, async () => {
      const chosen = page.waitForEvent('filechooser');
      await declarant.press('Import XML or JSON');
      declarant.actions += 1;
      await (await chosen).setFiles(file);
      await page.waitForURL(/\/desk\/drafts\//);
      const second = 'Consignment.HouseConsignment.1.Consignee.name';
      await declarant.holds(second, 'Yangihayot Tyres LLC');
    });
  }

  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await page.getByRole('link', { name: first, exact: true }).click();
  await declarant.state('Awaits release');
  await counted(declarant, 'a copy', MOST.again, async () => {
    await declarant.press('Copy as a new declaration');
    await page.waitForURL(/\/desk\/drafts\//);
  });
  await counted(declarant, 'an amendment', MOST.amendment, async () => {
    await declarant.press('Amend');
    await page.waitForURL(/\/desk\/drafts\//);
    await declarant.fill('Consignment.HouseConsignment.1.Consignee.Address.city', 'Andijan');
  });
  await page.getByText('CC013C').first().waitFor();
  await declarant.leave();
});
