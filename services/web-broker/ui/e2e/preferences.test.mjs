// Of what an organisation is told and where: kinds that are quiet at the desk, webhooks with their test and the log of deliveries.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

/** What others have left in the box is read first: only what comes from now on is looked at. */
async function readAll(page) {
  const read = page.getByRole('button', { name: 'Mark these as read' });
  const none = page.getByText('Nothing new');
  for (;;) {
    await read.or(none).first().waitFor();
    if ((await read.count()) === 0) return;
    const first = await page.locator('td.num').first().textContent();
    await read.click();
    await page.waitForFunction((before) => document.querySelector('td.num')?.textContent !== before, first);
  }
}

test('a webhook is tested, told only what it wants, and what is quiet does not count', {
  timeout: 300_000,
}, async () => {
  const taken = [];
  const receiver = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      taken.push(JSON.parse(body).type);
      answer.end('taken');
    });
  });
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  after(() => receiver.close());
  const url = `http://127.0.0.1:${receiver.address().port}/hook`;
  const declarant = await Person.signedIn('declarant');
  const { page } = declarant;
  await page.getByRole('link', { name: 'Notifications' }).click();
  await readAll(page);
  await page.getByLabel('Address', { exact: true }).fill(url);
  await declarant.press('Register', { exact: true });
  await page.getByText(/^whsec_/).waitFor();
  await declarant.press('Send a test');
  // The log is told anew when it is opened.
  await page.waitForFunction(() => document.querySelector('[aria-expanded="true"]'));
  for (let tries = 0; taken.length === 0 && tries < 100; tries++) await page.waitForTimeout(100);
  await declarant.press('Deliveries');
  await declarant.press('Deliveries');
  await page.getByRole('cell', { name: 'ecustoms.webhook.tested' }).waitFor();
  await page.getByRole('cell', { name: 'delivered' }).waitFor();
  await declarant.accessible('webhook-deliveries');

  const ask = (kind, where) => page.getByLabel(`${kind}: ${where}`);
  for (const kind of ['Messages of the procedure', 'State of a movement']) {
    await ask(kind, 'At the desk').click();
    await page.waitForFunction(
      ([label]) => !document.querySelector(`[aria-label="${label}"]`)?.checked,
      [`${kind}: At the desk`],
    );
  }
  await ask('State of a movement', url).click();
  await page.waitForFunction(
    ([label]) => !document.querySelector(`[aria-label="${label}"]`)?.checked,
    [`State of a movement: ${url}`],
  );
  await declarant.accessible('preferences');
  const before = taken.length;
  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  for (let tries = 0; !taken.includes('ecustoms.message.issued') && tries < 200; tries++)
    await page.waitForTimeout(100);
  assert.ok(taken.slice(before).includes('ecustoms.message.issued'));
  assert.ok(!taken.slice(before).includes('ecustoms.movement.changed'), taken.join());
  await page.reload();
  await page.getByRole('link', { name: 'Notifications' }).click();
  await page
    .getByRole('cell', { name: /Use of a guarantee/ })
    .first()
    .waitFor();
  assert.equal(await page.getByRole('cell', { name: /Movement:/ }).count(), 0, 'quiet');
  await page.getByLabel('Shown').selectOption('all');
  await page
    .getByRole('cell', { name: /Movement:/ })
    .first()
    .waitFor();

  for (const kind of ['Messages of the procedure', 'State of a movement'])
    await ask(kind, 'At the desk').click();
  await declarant.press('Delete', { exact: true });
  await declarant.press('Confirm', { exact: true });
  await page.getByRole('heading', { name: url }).waitFor({ state: 'detached' });
  await declarant.leave();
});
