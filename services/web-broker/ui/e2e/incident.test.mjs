// Acts of officers: a control with seals and documents, an incident on the way, and what everybody concerned learns of it. The papers
// of a movement: the accompanying document, a message and the report on its signature as files.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, saved, send } from './browser.mjs';

before(launch);
after(quit);

test('a control leaves its seals, an incident is told to all, and the papers can be saved', {
  timeout: 300_000,
}, async () => {
  const { grn } = sandbox.guarantee;
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();
  const guarantor = await Person.signedIn('insurer');
  await guarantor.page.goto('/desk/notifications');

  const departure = await Person.signedIn('officer-departure');
  await departure.page.getByRole('link', { name: mrn }).click();
  await departure.press('Order a control');
  await departure.page.getByLabel('Reason').fill('seals are to be put on');
  await departure.page.getByRole('textbox', { name: 'Documents' }).fill('N821 26KZ0001\nN380 INV-7');
  await departure.press('Confirm');
  await departure.press('Record the result');
  await departure.page.getByLabel('Seals that were put on').fill('KZ-S-1\nKZ-S-2');
  await departure.accessible('control-result');
  await departure.press('Confirm');
  await departure.page.locator('[data-act="control"]', { hasText: 'KZ-S-1, KZ-S-2' }).waitFor();
  await departure.page.locator('[data-act="control-ordered"]', { hasText: 'N380 INV-7' }).waitFor();
  await departure.decide('Release');
  await declarant.state('On its way');

  const paper = await saved(declarant, 'Accompanying document (PDF)');
  assert.equal(paper.name, `${mrn}.pdf`);
  assert.equal(paper.octets.subarray(0, 5).toString(), '%PDF-');

  const transit = await Person.signedIn('officer-transit-kg');
  await transit.page.getByRole('link', { name: mrn }).click();
  await transit.press('Register an incident');
  await transit.press('Register', { exact: true });
  await transit.page.getByText('This is needed').first().waitFor();
  await transit.page.getByLabel('What kind').selectOption('3');
  await transit.page
    .getByLabel('What happened on the way')
    .fill('The tractor has broken down; its trailer goes on');
  await transit.page.getByLabel('Street or road').fill('Road A2, km 184');
  await transit.page.getByLabel('Town').fill('Kara-Balta');
  await transit.page.getByLabel('Its identification').fill('01KG418ABC');
  await transit.page.getByLabel('Its nationality').fill('KG');
  await transit.accessible('incident');
  await transit.press('Register', { exact: true });
  await transit.page.locator('[data-act="incident"]').waitFor();
  await transit.leave();

  // The participant, the office of departure and the guarantor learn of it without a reload.
  await declarant.page
    .locator('[data-act="incident"]', { hasText: 'transhipment under supervision' })
    .waitFor();
  await declarant.page.locator('[data-message="CC182C"]').waitFor();
  await departure.page.locator('[data-act="incident"]', { hasText: 'endorsed' }).waitFor();
  await guarantor.page.getByText('An incident with goods under your guarantee').first().waitFor();
  await guarantor.page.getByRole('link', { name: grn }).first().waitFor();
  await guarantor.accessible('guarantor-notified');
  await declarant.accessible('movement-incident');

  await declarant.page.locator('[data-message="CC015C"]').click();
  await declarant.page.getByRole('tab', { name: 'As sent (XML)' }).click();
  const message = await saved(declarant, 'Save file');
  assert.match(message.name, /^CC015C-.+\.xml$/);
  assert.match(message.octets.toString(), /<(?:\w+:)?CC015C/);
  await declarant.page.getByRole('tab', { name: 'Signature report' }).click();
  await declarant.page.locator('dialog .tag', { hasText: 'valid' }).first().waitFor();
  await declarant.accessible('signature-report');
  const report = JSON.parse((await saved(declarant, 'Save the report')).octets.toString());
  assert.equal(report.indication, 'TOTAL-PASSED');
  for (const person of [declarant, departure, guarantor]) await person.leave();
});
