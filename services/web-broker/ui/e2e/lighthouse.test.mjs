// Lighthouse finds nothing to better in the accessibility of the main pages of everybody.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';
import { judge } from './lighthouse/score.mjs';

let lighthouse;
before(async () => {
  const port = await free();
  await launch([`--remote-debugging-port=${port}`]);
  lighthouse = await judge(port);
});
after(async () => {
  await lighthouse.leave();
  await quit();
});

/** A port that nobody listens at. */
function free() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

async function best(person, name) {
  await person.page.waitForFunction(() => !document.querySelector('.waiting'));
  const { score, failed } = await lighthouse.score(person.page.url());
  assert.deepEqual(failed, [], name);
  assert.equal(score, 1, name);
}

async function walk(person, paths) {
  for (const path of paths) {
    await person.page.goto(path);
    await person.page.locator('h1').waitFor();
    await best(person, path);
  }
}

test('pages of everybody, and sign-in in three languages', { timeout: 180_000 }, async () => {
  const visitor = await Person.visit();
  await visitor.page.goto('/');
  await visitor.page.locator('[data-login]').first().waitFor();
  for (const language of ['ru', 'kk', 'en']) {
    await visitor.speak(language);
    await best(visitor, `sign-in in ${language}`);
  }
  await walk(visitor, ['/public/follow', '/public/offices', '/public/publications', '/public/register']);
  await visitor.leave();
});

test('a declarant and an officer with a movement', { timeout: 180_000 }, async () => {
  const declarant = await Person.signedIn('declarant');
  await best(declarant, 'desk');
  await complete(declarant, sandbox.guarantee);
  await best(declarant, 'draft');
  await send(declarant);
  await declarant.state('Awaits release');
  await best(declarant, 'movement');
  const mrn = await declarant.page.locator('h1').textContent();
  await declarant.speak('kk');
  await walk(declarant, ['/desk/movements', '/desk/guarantees', '/desk/notifications']);
  await declarant.leave();

  const officer = await Person.signedIn('officer-departure');
  await officer.page.getByRole('link', { name: mrn, exact: true }).waitFor();
  await best(officer, 'queue');
  await officer.page.getByRole('link', { name: mrn, exact: true }).click();
  await officer.page.getByRole('button', { name: 'Release', exact: true }).waitFor();
  await best(officer, 'case');
  await officer.leave();
});

test('a guarantor and an administrator', { timeout: 180_000 }, async () => {
  const insurer = await Person.signedIn('insurer');
  await walk(insurer, ['/desk/guarantees/new', `/desk/guarantees/${sandbox.guarantee.grn}`]);
  await insurer.leave();
  const administrator = await Person.signedIn('administrator');
  await administrator.speak('ru');
  await walk(administrator, [
    '/desk/organisations',
    '/desk/references',
    '/desk/publish',
    '/desk/dead-letters',
  ]);
  await administrator.leave();
});
