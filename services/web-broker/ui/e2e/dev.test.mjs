// `npm run dev` beside a suite that runs: its pages, and through it the suite's answers, live streams and description.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { freePort } from './cuts.mjs';

const suite = process.env.SUITE;
const ui = new URL('..', import.meta.url).pathname;
let helper;
let vite;

before(async () => {
  const port = await freePort();
  const args = ['run', 'dev', '--', '--port', String(port), '--strictPort', '--host', '127.0.0.1'];
  const env = { ...process.env, ECUSTOMS_URL: suite };
  vite = spawn('npm', args, { cwd: ui, env, stdio: 'ignore', detached: true });
  process.env.SUITE = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 240; tries++) {
    if ((await fetch(process.env.SUITE).catch(() => null))?.ok) break;
    await new Promise((done) => setTimeout(done, 250));
  }
  helper = await import('./browser.mjs');
  await helper.launch();
});
after(async () => {
  await helper?.quit();
  process.kill(-vite.pid);
});

test('a developer sees the pages from their sources, and the suite through them', {
  timeout: 180_000,
}, async () => {
  const { Person } = helper;
  const visitor = await Person.visit();
  await visitor.page.goto('/');
  await visitor.page.locator('[data-login]').first().waitFor();
  assert.equal(await visitor.page.locator('script[src*="/@vite/client"]').count(), 1);
  // The first frame may come before the page is looked at again.
  const live = visitor.page
    .waitForEvent('websocket', (socket) => socket.url().endsWith('/graphql'))
    .then((socket) => socket.waitForEvent('framereceived'));
  await visitor.page.locator('[data-login="declarant"]').click();
  await visitor.page.getByRole('button', { name: 'New declaration' }).waitFor();
  const first = await live;
  assert.match(String(first.payload), /connection_ack/);
  const docs = await fetch(`${process.env.SUITE}/docs/`);
  assert.equal(docs.status, 200);
  assert.match(await docs.text(), /swagger/i);
  await visitor.page.context().close();
});
