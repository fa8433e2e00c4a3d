// Somebody whose key file is in the ciphers that PKCS#12 first had signs in as with any other.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, openKey, Person, quit, sandbox } from './browser.mjs';

before(launch);
after(quit);

/** The same key and certificate as triple DES and RC2 have it. */
function older(file) {
  const place = mkdtempSync(join(tmpdir(), 'older-'));
  const openssl = (...args) => execFileSync('openssl', ['pkcs12', ...args], { cwd: place, stdio: 'ignore' });
  const password = `pass:${sandbox.password}`;
  const ciphers = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1'];
  writeFileSync(join(place, 'given'), file);
  openssl('-in', 'given', '-passin', password, '-nodes', '-out', 'plain');
  openssl('-export', '-legacy', ...ciphers, '-in', 'plain', '-out', 'older', '-passout', password);
  const written = readFileSync(join(place, 'older'));
  rmSync(place, { recursive: true });
  return written;
}

test('a key file in older ciphers signs in', { timeout: 120_000 }, async () => {
  const visitor = await Person.visit();
  const loaded = [];
  visitor.page.on('response', (answer) => loaded.push(new URL(answer.url()).pathname));
  await visitor.page.goto('/');
  const key = sandbox.keys.find(({ login }) => login === 'declarant');
  const form = visitor.page.locator('form').last();
  await openKey(form, key, 'Sign in', older);
  await visitor.page.waitForURL(/\/desk/);
  assert.ok(
    loaded.some((path) => path.includes('/older-')),
    'what opens it was loaded',
  );
  await visitor.leave();
});
