// What a person is asked for and what they look for: tasks at the desk, lists to their end, goods before a crossing is recorded.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, released, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

test('an amendment that is asked for is a task at the desk', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, { ...sandbox.guarantee, amount: '100' });
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();
  await declarant.page.getByRole('link', { name: 'Desk', exact: true }).click();
  // A page that is gone to by the frame is told by its heading.
  await declarant.page.waitForFunction(() => document.activeElement?.tagName === 'H1');

  const officer = await Person.signedIn('officer-departure');
  await officer.page.getByRole('link', { name: mrn }).click();
  await officer.press('Ask for an amendment');
  await officer.page.getByLabel('Reason').fill('the place of loading is not precise');
  await officer.press('Confirm');
  await officer.state('Amendment requested');

  const task = declarant.page.locator('[data-task]', { hasText: mrn });
  await task.getByText('Amend the declaration').waitFor();
  await declarant.accessible('desk-with-task');
  await task.getByRole('link', { name: mrn }).click();
  await declarant.state('Amendment requested');
  for (const person of [declarant, officer]) await person.leave();
});

test('drafts are read to their end and found by their name', { timeout: 300_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await page.evaluate(
    async (names) => {
      const { accessToken } = JSON.parse(sessionStorage.getItem('ecustoms.session'));
      const query = 'mutation($input: SaveDraft!) { saveDraft(input: $input) { draft { id } } }';
      for (const title of names) {
        const content = '{"n1:CC015C":{"@PhaseID":"NCTS6"}}';
        const answer = await fetch('/graphql', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${accessToken}`,
            'content-type': 'application/json',
            'idempotency-key': crypto.randomUUID(),
          },
          body: JSON.stringify({ query, variables: { input: { kind: 'TRANSIT', title, content } } }),
        });
        const told = await answer.json();
        if (told.errors) throw new Error(JSON.stringify(told.errors));
      }
    },
    ['The oldest of all', ...Array.from({ length: 24 }, (_, at) => `Load ${at + 1}`)],
  );
  await page.reload();
  const drafts = page.getByRole('region', { name: 'Drafts', exact: true });
  await drafts.getByRole('link', { name: 'Load 24', exact: true }).waitFor();
  const before = await drafts.getByRole('row').count();
  await drafts.getByRole('button', { name: 'Show more' }).click();
  await drafts.getByRole('link', { name: 'The oldest of all' }).waitFor();
  assert.ok((await drafts.getByRole('row').count()) > before);
  // A search goes through what is not shown yet as well.
  await page.reload();
  await drafts.getByLabel('Search in the drafts').fill('oldest');
  await drafts.getByRole('link', { name: 'The oldest of all' }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[aria-label="Drafts"] tbody tr').length === 1);
  await declarant.accessible('desk-drafts-found');
  await declarant.leave();
});

test('goods are seen before their crossing is recorded by number', { timeout: 300_000 }, async () => {
  const { declarant, mrn } = await released();
  const officer = await Person.signedIn('officer-transit-kg');
  const { page } = officer;
  const panel = page.getByRole('region', { name: 'Record a crossing by MRN' });
  await panel.getByLabel('MRN').fill(mrn.toLowerCase());
  await panel.locator('[data-carried]').getByText('Tyres for lorries').waitFor();
  await panel.getByText('417AKB02').waitFor();
  await officer.accessible('crossing-by-number');
  await panel.getByLabel('MRN').fill('26KZ0000000000000Z');
  await panel.getByText('No movement with this number is announced at your offices').waitFor();
  for (const person of [declarant, officer]) await person.leave();
});
