// The whole journey in one story: a newcomer applies with a certificate that nobody knows, is entered into the register, is given a
// delegation, completes, checks, signs and sends a declaration for somebody else; officers control, release, record the crossings and
// the discharge; the guarantor sees the hold come and go, and the participant sees everything without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openKey, Person, quit, SUITE, sandbox, twoConsignments } from './browser.mjs';
import { arrive, controlAndRelease, crossAll } from './officers.mjs';

before(launch);
after(quit);

const ACTIONS_MOST = 40;
const { newcomer } = sandbox;
const principal = sandbox.keys.find(({ login }) => login === 'declarant');

test('a newcomer is let in, receives a delegation and declares; the goods go their way and the guarantee is free again', {
  timeout: 600_000,
}, async () => {
  const broker = await applies();
  await isEntered();
  await mayAct();
  const signIn = broker.page.locator('section', { hasText: 'Your key signs a challenge' });
  await broker.page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await openKey(signIn, newcomer, 'Sign in');
  await broker.page.waitForURL(`${SUITE}/desk`);

  const guarantor = await Person.signedIn('insurer');
  await guarantor.page.goto(`/desk/guarantees/${sandbox.guarantee.grn}`);
  const total = guarantor.page.locator('[data-total]');
  await total.waitFor();
  const free = await total.textContent();
  await guarantor.accessible('guarantee');

  const mrn = await declares(broker);
  await guarantor.page.getByText(mrn).first().waitFor();
  const changes = (is) => {
    const test = ([was, same]) => (document.querySelector('[data-total]')?.textContent === was) === same;
    return guarantor.page.waitForFunction(test, [free, is]);
  };
  await changes(false);

  await controlAndRelease(mrn, broker);
  await crossAll(mrn);
  await broker.page.getByText('Crossed an office').nth(3).waitFor();
  const carrier = await arrive(mrn);
  await broker.state('Arrived');
  await isDischarged(mrn, broker);
  await carrier.state('Goods released');
  await carrier.leave();

  await changes(true);
  await guarantor.page.locator('.chart canvas').waitFor();
  await guarantor.accessible('guarantee-use');
  await guarantor.leave();
  await broker.accessible('movement-written-off');
  await broker.page.locator('[data-message="CC015C"]').click();
  await broker.page.locator('dialog .facts').first().waitFor();
  await broker.accessible('message');
  await broker.page.getByRole('tab', { name: 'Signature report' }).click();
  await broker.page.locator('dialog .tag', { hasText: 'valid' }).first().waitFor();
  await broker.leave();
});

/** Applies; who it is stays at the page. */
async function applies() {
  const broker = await Person.visit();
  const { page } = broker;
  await page.goto('/');
  await openKey(page.locator('section', { hasText: 'Your key signs a challenge' }), newcomer, 'Sign in');
  await page.getByRole('alert').waitFor();
  await page.getByRole('link', { name: 'Register', exact: true }).click();
  await page.locator('[data-login="newcomer"]').waitFor();
  await broker.accessible('register');
  await page.locator('[data-login="newcomer"]').click();
  await page.getByLabel('EORI').fill('kz');
  await page.getByLabel('Address').fill('Kabanbay Batyr Avenue 17\n010000 Astana');
  await page.getByLabel('Declarant').uncheck();
  await page.getByLabel('Customs broker').check();
  await broker.press('Sign and apply');
  await page.getByRole('alert').waitFor();
  await broker.accessible('register-refused');
  await page.getByLabel('EORI').fill(newcomer.eori);
  await broker.press('Sign and apply');
  await page.getByText('Your application was received').waitFor();
  await broker.accessible('registered');
  return broker;
}

async function isEntered() {
  const administrator = await Person.signedIn('administrator');
  await administrator.page.getByRole('link', { name: 'Applications' }).click();
  await administrator.page.getByText(newcomer.name).waitFor();
  await administrator.accessible('applications');
  await administrator.press('Turn down', { exact: true });
  await administrator.page.getByRole('dialog').waitFor();
  await administrator.accessible('application-rejecting');
  await administrator.page.keyboard.press('Escape');
  await administrator.press('Enter into the register');
  await administrator.press('Confirm', { exact: true });
  await administrator.page.getByText('No applications').waitFor();
  await administrator.leave();
}

async function mayAct() {
  const declarant = await Person.signedIn('declarant');
  await declarant.page.goto('/desk/organisation');
  await declarant.press('Let somebody act for you');
  await declarant.page.getByLabel('Representative').fill(newcomer.eori);
  await declarant.page.getByLabel('use guarantees').check();
  await declarant.accessible('delegation');
  await declarant.press('Grant', { exact: true });
  await declarant.page.getByRole('cell', { name: newcomer.eori }).first().waitFor();
  await declarant.leave();
}

/** Declares two consignments for somebody else, and tells the MRN. */
async function declares(broker) {
  broker.actions = 0;
  await twoConsignments(broker, sandbox.guarantee);
  await broker.fill('HolderOfTheTransitProcedure.identificationNumber', principal.eori);
  await broker.accessible('draft');
  await broker.press('Check', { exact: true });
  await broker.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await broker.accessible('review');
  await broker.press(/^Sign as/);
  await broker.page.waitForURL(/\/desk\/movements\//);
  console.log(
    `# ${broker.actions} actions on the screen from nothing to the signed declaration, for a client`,
  );
  assert.ok(broker.actions <= ACTIONS_MOST, `${broker.actions} actions`);
  await broker.state('Awaits release');
  await broker.accessible('movement');
  const mrn = await broker.page.locator('h1').textContent();
  assert.match(mrn, /^\d{2}KZ[A-Z0-9]{14}$/);
  return mrn;
}

async function isDischarged(mrn, broker) {
  const destination = await Person.signedIn('officer-destination');
  await destination.page.getByRole('link', { name: mrn }).click();
  await destination.press('Record the control at destination');
  await destination.accessible('control-at-destination');
  await destination.press('Confirm');
  await broker.state('Written off');
  await destination.page.goto('/desk/statistics');
  await destination.page.locator('.chart canvas').waitFor();
  await destination.accessible('statistics');
  await destination.leave();
}
