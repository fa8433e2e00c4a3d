// A newcomer: applies with a certificate that nobody knows, is entered into the register, is given a delegation, and sends a first
// declaration for somebody else.
import { after, before, test } from 'node:test';
import { complete, launch, openKey, Person, quit, SUITE, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

test('a newcomer registers, is let in, receives a delegation and declares', {
  timeout: 300_000,
}, async () => {
  const { newcomer } = sandbox;
  const broker = await Person.visit();
  await broker.page.goto('/');
  const signIn = broker.page.locator('section', { hasText: 'Your key signs a challenge' });
  await openKey(signIn, newcomer, 'Sign in');
  await broker.page.getByRole('alert').waitFor();
  await broker.page.getByRole('link', { name: 'Register', exact: true }).click();
  await broker.page.locator('[data-login="newcomer"]').waitFor();
  await broker.accessible('register');
  await broker.page.locator('[data-login="newcomer"]').click();
  await broker.page.getByLabel('EORI').fill('kz');
  await broker.page.getByLabel('Address').fill('Kabanbay Batyr Avenue 17\n010000 Astana');
  await broker.page.getByLabel('Declarant').uncheck();
  await broker.page.getByLabel('Customs broker').check();
  await broker.press('Sign and apply');
  await broker.page.getByRole('alert').waitFor();
  await broker.accessible('register-refused');
  await broker.page.getByLabel('EORI').fill(newcomer.eori);
  await broker.press('Sign and apply');
  await broker.page.getByText('Your application was received').waitFor();
  await broker.accessible('registered');

  const administrator = await Person.signedIn('administrator');
  await administrator.page.getByRole('link', { name: 'Applications' }).click();
  await administrator.page.getByText(newcomer.name).waitFor();
  await administrator.accessible('applications');
  await administrator.press('Enter into the register');
  await administrator.press('Confirm', { exact: true });
  await administrator.page.getByText('No applications').waitFor();
  await administrator.leave();

  const principal = await Person.signedIn('declarant');
  await principal.page.goto('/desk/organisation');
  await principal.press('Let somebody act for you');
  await principal.page.getByLabel('Representative').fill(newcomer.eori);
  await principal.page.getByLabel('use guarantees').check();
  await principal.accessible('delegation');
  await principal.press('Grant', { exact: true });
  await principal.page.getByRole('cell', { name: newcomer.eori }).first().waitFor();
  await principal.leave();

  await broker.page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await openKey(signIn, newcomer, 'Sign in');
  await broker.page.waitForURL(`${SUITE}/desk`);
  await complete(broker, sandbox.guarantee);
  const { eori } = sandbox.keys.find(({ login }) => login === 'declarant');
  await broker.fill('HolderOfTheTransitProcedure.identificationNumber', eori);
  await send(broker);
  await broker.state('Awaits release');
  await broker.accessible('newcomer-movement');
  await broker.leave();
});
