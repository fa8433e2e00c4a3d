// What officers and the carrier do with a movement on its way, from the control to the discharge.
import { openKey, Person, sandbox } from './browser.mjs';

/** Orders a control, records its result, releases; `declarant` sees each step without a reload. */
export async function controlAndRelease(mrn, declarant) {
  const officer = await Person.signedIn('officer-departure');
  await officer.page.getByRole('link', { name: mrn }).waitFor();
  await officer.accessible('queue');
  await officer.page.getByRole('link', { name: mrn }).click();
  await officer.press('Order a control');
  await officer.accessible('control-ordering');
  await officer.page.getByLabel('Reason').fill('chosen by chance');
  await officer.press('Confirm');
  await declarant.state('Under control');
  await officer.press('Record the result');
  await officer.press('Confirm');
  await declarant.state('Awaits release');
  await officer.decide('Release');
  await officer.state('On its way');
  await declarant.state('On its way');
  await officer.accessible('case-released');
  await officer.leave();
}

/** Records every crossing between Almaty and Tashkent. */
export async function crossAll(mrn) {
  await crossing('officer-transit-kz', mrn, ['KZKRD001']);
  await crossing('officer-transit-kg', mrn, ['KGAKZ001', 'KGOSH001']);
  await crossing('officer-transit-uz', mrn, ['UZDST001']);
}

/** Declared offices of entry, which stand in the queue; exits are recorded by the number. */
const DECLARED = ['KGAKZ001', 'UZDST001'];

async function crossing(login, mrn, offices) {
  const officer = await Person.signedIn(login);
  for (const office of offices) {
    if (offices.length > 1) await officer.page.getByLabel('Office', { exact: true }).selectOption(office);
    if (DECLARED.includes(office)) {
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

/** Notifies the arrival at Tashkent; the carrier stays at its page. */
export async function arrive(mrn) {
  const carrier = await Person.signedIn('carrier');
  await carrier.page.goto(`/desk/arrivals/new?mrn=${mrn}`);
  await carrier.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
  await carrier.accessible('arrival-new');
  await carrier.press('Check', { exact: true });
  // The key is kept in memory only: after the reload it is asked for again.
  await carrier.press(/^Sign as/);
  const key = sandbox.keys.find(({ login }) => login === 'carrier');
  const dialog = carrier.page.locator('dialog');
  await dialog.getByLabel('Key file').waitFor();
  await carrier.accessible('open-key');
  await openKey(dialog, key, 'Open');
  await carrier.page.waitForURL(/\/desk\/arrivals\/[0-9a-f-]+$/);
  await carrier.state('Notified');
  await carrier.accessible('arrival');
  return carrier;
}
