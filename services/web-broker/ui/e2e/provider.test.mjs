// Sign-in by an outside provider: the way there and back, to the page that was wanted; a refusal; a stranger; signing needs the key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, SUITE } from './browser.mjs';

before(launch);
after(quit);

const BUTTON = { name: 'Sign in by the state' };

test('somebody signs in by the provider, comes to the page they wanted, and out again', {
  timeout: 180_000,
}, async () => {
  const broker = await Person.visit();
  await broker.page.goto('/desk/movements');
  await broker.page.getByRole('button', BUTTON).waitFor();
  await broker.accessible('provider');
  await broker.page.getByRole('button', BUTTON).click();
  await broker.page.getByRole('link', { name: 'The broker' }).click();
  await broker.page.waitForURL(`${SUITE}/desk/movements`);
  assert.ok(!broker.page.url().includes('ticket'));
  const session = await broker.page.evaluate(() => JSON.parse(sessionStorage.getItem('ecustoms.session')));
  assert.deepEqual(session.amr, ['fed']);
  assert.ok(session.name.length > 3);
  // The page loaded anew is still theirs.
  await broker.page.reload();
  await broker.page.waitForURL(`${SUITE}/desk/movements`);
  await broker.press('Sign out');
  await broker.page.getByRole('heading', { name: 'Signed out' }).waitFor();
  assert.match(broker.page.url(), /post_logout_redirect_uri=/);
  assert.deepEqual(broker.faults, []);
  await broker.page.context().close();
});

test('who does not agree, and whom nobody knows, is told so', { timeout: 180_000 }, async () => {
  const person = await Person.visit();
  await person.page.goto('/');
  await person.page.getByRole('button', BUTTON).click();
  await person.page.getByRole('link', { name: 'I will not say' }).click();
  await person.page.getByText('The provider has not let you in').waitFor();
  assert.match(person.page.url(), /refused=provider-refused&correlation=/);
  await person.accessible('provider-refused');
  await person.page.getByRole('button', BUTTON).click();
  await person.page.getByRole('link', { name: 'A stranger' }).click();
  await person.page.getByText('You are not registered here yet').waitFor();
  await person.accessible('provider-stranger');
  await person.page.locator('main').getByRole('link', { name: 'Not registered yet?' }).first().click();
  await person.page.waitForURL(`${SUITE}/public/register`);
  assert.deepEqual(person.faults, []);
  await person.page.context().close();
});
