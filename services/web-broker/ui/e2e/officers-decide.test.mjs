// Where officers accept declarations themselves: one is accepted, one is not, one is lodged before the goods are there; and a draft is
// handed over to somebody of the same organisation. This test has a suite of its own, set so.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Victim } from './cuts.mjs';

const data = mkdtempSync(join(tmpdir(), 'ecustoms-decide-'));
const suite = new Victim(['up', '--demo'], {
  ECUSTOMS_DATA_DIR: data,
  ECUSTOMS_DECLARATIONS__OFFICERS_DECIDE_IN: '["KZ"]',
});
let helper;

before(async () => {
  await suite.start();
  process.env.SUITE = suite.address;
  helper = await import('./browser.mjs');
  await helper.launch();
});
after(async () => {
  await helper?.quit();
  await suite.kill();
  rmSync(data, { recursive: true, force: true });
});

/** Opens the newest movement of the queue that has no MRN yet. */
async function takes(officer) {
  await officer.page.goto('/desk/queue');
  await officer.page.getByRole('link', { name: 'No MRN yet' }).first().click();
}

test('an officer accepts one declaration and rejects another, which is repaired', {
  timeout: 300_000,
}, async () => {
  const { complete, Person, sandbox, send } = helper;
  const declarant = await Person.signedIn('declarant');
  const officer = await Person.signedIn('officer-departure');
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits acceptance');
  await takes(officer);
  await officer.page.getByRole('button', { name: 'Accept', exact: true }).waitFor();
  await officer.accessible('case-awaits-acceptance');
  await officer.press('Accept', { exact: true });
  await declarant.state('Awaits release');

  await declarant.press('Copy as a new declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await send(declarant);
  await declarant.state('Awaits acceptance');
  await takes(officer);
  await officer.press('Do not accept', { exact: true });
  await officer.press('Confirm');
  await officer.page.getByText('This is needed').waitFor();
  await officer.accessible('rejecting');
  await officer.page.getByLabel('Reason').fill('the office is closed for these goods');
  await officer.press('Confirm');
  await declarant.state('Rejected');
  await declarant.press('Repair and send again');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await send(declarant);
  await declarant.state('Awaits acceptance');
  await officer.leave();
  await declarant.leave();
});

test('a declaration is lodged before the goods are there, which are then presented', {
  timeout: 300_000,
}, async () => {
  const { complete, Person, sandbox, send } = helper;
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await declarant.fill('TransitOperation.additionalDeclarationType', 'D');
  await send(declarant);
  await declarant.state('Pre-lodged');
  await declarant.accessible('movement-pre-lodged');
  await declarant.press('Present the goods');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.accessible('presentation');
  await send(declarant);
  await declarant.state('Awaits release');
  await declarant.leave();
});

test('a draft is handed over to a colleague, who goes on with it', { timeout: 300_000 }, async () => {
  const { complete, Person, sandbox } = helper;
  const { newcomer } = sandbox;
  const administrator = await Person.signedIn('administrator');
  const { page } = administrator;
  await page.goto('/desk/organisations');
  const { organisation } = sandbox.keys.find(({ login }) => login === 'declarant');
  await page.getByRole('link', { name: organisation }).click();
  await page.getByRole('heading', { name: 'Register a person' }).waitFor();
  await administrator.accessible('people');
  await page.getByLabel('Name', { exact: true }).fill(newcomer.name);
  await page.getByLabel('National number', { exact: true }).fill('920517400316');
  await page.getByLabel('Declarant', { exact: true }).check();
  await administrator.press('Register a person');
  await page.getByText(newcomer.name).nth(1).waitFor();
  await administrator.leave();

  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await declarant.page.getByLabel('Name of the draft').fill('Handed over');
  await declarant.page.getByLabel('To', { exact: true }).selectOption(newcomer.name);
  await declarant.accessible('handing-over');
  await declarant.press('Hand over', { exact: true });
  await declarant.page.waitForURL(/\/desk$/);
  const row = declarant.page.getByRole('row', { name: /Handed over/ });
  await row.getByText(newcomer.name).waitFor();

  // The certificate of the colleague names another organisation, so they come by the provider.
  const colleague = await Person.visit();
  await colleague.page.goto('/desk');
  await colleague.page.getByRole('button', { name: 'Sign in by the state' }).click();
  await colleague.page.getByRole('link', { name: 'The colleague' }).click();
  await colleague.page.getByRole('link', { name: 'Handed over' }).click();
  await colleague.holds('Consignment.Consignee.name', 'Chilonzor Auto Parts LLC');
  await colleague.fill('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  await colleague.press('Check', { exact: true });
  await colleague.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await colleague.page.getByText('Almaty, yard 7').first().waitFor();
  assert.deepEqual(colleague.faults, []);
  await colleague.page.context().close();
  await declarant.leave();
});
