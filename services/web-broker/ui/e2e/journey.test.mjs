// The main journey: a declarant completes, checks, signs and sends; officers control, release, record the crossings and the
// discharge; the guarantor sees the hold come and go, and the participant sees everything without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, openKey, Person, quit, sandbox } from './browser.mjs';

before(launch);
after(quit);

const EMBEDDED = !process.env.SCREENSHOTS?.endsWith('spread');
const ACTIONS_MOST = 40;

test('a movement from the first field to its discharge', { timeout: 300_000 }, async () => {
  const look = async (person, name) => EMBEDDED && person.accessible(name);
  const { grn, accessCode } = sandbox.guarantee;
  const declarant = await Person.signedIn('declarant');
  await look(declarant, 'desk');

  const guarantor = await Person.signedIn('insurer');
  await guarantor.page.goto(`/desk/guarantees/${grn}`);
  const total = guarantor.page.locator('[data-total]');
  await total.waitFor();
  const before = await total.textContent();
  await look(guarantor, 'guarantee');

  declarant.actions = 0;
  await complete(declarant, { grn, accessCode });
  await look(declarant, 'draft');
  await declarant.press('Check', { exact: true });
  await declarant.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await look(declarant, 'review');
  await declarant.press(/^Sign as/);
  await declarant.page.waitForURL(/\/desk\/movements\//);
  console.log(`# ${declarant.actions} actions on the screen from nothing to the signed declaration`);
  assert.ok(declarant.actions <= ACTIONS_MOST, `${declarant.actions} actions`);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();
  assert.match(mrn, /^\d{2}KZ[A-Z0-9]{14}$/);
  await look(declarant, 'movement');

  await guarantor.page.getByText(mrn).first().waitFor();
  await guarantor.page.waitForFunction(
    (was) => document.querySelector('[data-total]')?.textContent !== was,
    before,
  );

  const departure = await Person.signedIn('officer-departure');
  await departure.page.getByRole('link', { name: mrn }).waitFor();
  await look(departure, 'queue');
  await departure.page.getByRole('link', { name: mrn }).click();
  await departure.press('Order a control');
  await look(departure, 'control-ordering');
  await departure.page.getByLabel('Reason').fill('chosen by chance');
  await departure.press('Confirm');
  await declarant.state('Under control');
  await departure.press('Record the result');
  await departure.press('Confirm');
  await declarant.state('Awaits release');
  await departure.decide('Release');
  await departure.state('On its way');
  await declarant.state('On its way');
  await look(departure, 'case-released');
  await departure.leave();

  await crossing('officer-transit-kz', mrn, ['KZKRD001']);
  await crossing('officer-transit-kg', mrn, ['KGAKZ001', 'KGOSH001']);
  await crossing('officer-transit-uz', mrn, ['UZDST001']);
  await declarant.page.getByText('Crossed an office').nth(3).waitFor();

  const carrier = await Person.signedIn('carrier');
  await carrier.page.goto(`/desk/arrivals/new?mrn=${mrn}`);
  await carrier.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
  await look(carrier, 'arrival-new');
  await carrier.press('Check', { exact: true });
  // The key is kept in memory only: after the reload it is asked for again.
  await carrier.press(/^Sign as/);
  const key = sandbox.keys.find(({ login }) => login === 'carrier');
  await openKey(carrier.page.locator('dialog'), key, 'Open');
  await carrier.page.waitForURL(/\/desk\/arrivals\/[0-9a-f-]+$/);
  await carrier.state('Notified');
  await look(carrier, 'arrival');
  await declarant.state('Arrived');

  const destination = await Person.signedIn('officer-destination');
  await destination.page.getByRole('link', { name: mrn }).click();
  await destination.press('Record the control at destination');
  await look(destination, 'control-at-destination');
  await destination.press('Confirm');
  await declarant.state('Written off');
  await carrier.state('Goods released');
  await destination.page.goto('/desk/statistics');
  await destination.page.locator('.chart canvas').waitFor();
  await look(destination, 'statistics');
  await destination.leave();
  await carrier.leave();

  // The guarantee is free again, seen by who answers for it without a reload.
  await guarantor.page.waitForFunction(
    (was) => document.querySelector('[data-total]')?.textContent === was,
    before,
  );
  await guarantor.page.locator('.chart canvas').waitFor();
  await look(guarantor, 'guarantee-use');
  await look(declarant, 'movement-written-off');
  await declarant.page.locator('[data-message="CC015C"]').click();
  await declarant.page.locator('dialog .facts').first().waitFor();
  await look(declarant, 'message');
  await declarant.page.getByRole('tab', { name: 'Signature report' }).click();
  await declarant.page.locator('dialog .tag', { hasText: 'valid' }).first().waitFor();
  await declarant.leave();
  await guarantor.leave();
});

async function crossing(login, mrn, offices) {
  const officer = await Person.signedIn(login);
  for (const office of offices) {
    if (offices.length > 1) await officer.page.getByLabel('Office', { exact: true }).selectOption(office);
    if (office === 'KGAKZ001' || office === 'UZDST001') {
      const row = officer.page.getByRole('row', { name: mrn });
      await row.locator(`[data-crossing="${office}"]`).click();
      await row.waitFor({ state: 'detached' });
    } else {
      const form = officer.page.locator('section', { hasText: 'Record a crossing by MRN' });
      await form.getByLabel('MRN').fill(mrn);
      await form.getByRole('button', { name: 'Record', exact: true }).click();
      await officer.page.getByText(`Recorded: ${mrn}`).waitFor();
    }
  }
  await officer.leave();
}
