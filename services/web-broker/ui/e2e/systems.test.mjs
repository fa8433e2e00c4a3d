// Keys of systems: a key is registered, a private one never leaves the page, a revoked one is worth nothing.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launch, Person, quit, SUITE } from './browser.mjs';

before(launch);
after(quit);

const PLACE = '/transits';

/** The status of a list of movements that a system asks for, signing as RFC 9421 says. */
async function asked(key, keyId) {
  const now = Math.floor(Date.now() / 1000);
  const parameters = `("@method" "@authority" "@path" "@query");created=${now};expires=${now + 60};nonce="${randomUUID()}";keyid="${keyId}";alg="ed25519";tag="ecustoms"`;
  const { host } = new URL(SUITE);
  const base = `"@method": GET\n"@authority": ${host}\n"@path": ${PLACE}\n"@query": ?\n"@signature-params": ${parameters}`;
  const signature = sign(null, Buffer.from(base), key).toString('base64');
  const headers = { 'Signature-Input': `sig1=${parameters}`, Signature: `sig1=:${signature}:` };
  const answer = await fetch(`${SUITE}${PLACE}`, { headers });
  return [answer.status, (await answer.json()).code];
}

test('a system is let in by its key until that is revoked', { timeout: 300_000 }, async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const person = await Person.signedIn('carrier');
  await person.page.getByRole('link', { name: 'Keys of systems' }).click();
  await person.page.getByText('No keys yet').waitFor();
  await person.accessible('systems-none');

  await person.press('Register a key');
  await person.page.getByLabel('System', { exact: true }).fill('Fleet');
  await person.page.getByLabel('Public key').fill(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await person.page.getByText('This is a private key').waitFor();
  await person.accessible('systems-private');
  assert.ok(await person.page.getByRole('button', { name: 'Register', exact: true }).isDisabled());
  await person.page.getByLabel('Public key').fill('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA');
  await person.press('Register', { exact: true });
  await person.page.getByRole('alert').waitFor();
  await person.page.getByLabel('Public key').fill(JSON.stringify(publicKey.export({ format: 'jwk' })));
  await person.press('Register', { exact: true });

  const { crv, kty, x } = publicKey.export({ format: 'jwk' });
  const keyId = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  await person.page.getByRole('cell', { name: keyId }).waitFor();
  await person.accessible('systems');
  assert.deepEqual(await asked(privateKey, keyId), [200, undefined]);
  await person.page.reload();
  await person.page.getByRole('cell', { name: keyId }).waitFor();
  assert.equal(await person.page.getByText('never').count(), 0);

  await person.press('Revoke: Fleet');
  await person.accessible('systems-revoke');
  await person.press('Revoke', { exact: true });
  await person.page.getByText(/^revoked/).waitFor();
  await person.accessible('systems-revoked');
  assert.deepEqual(await asked(privateKey, keyId), [401, 'system-key-revoked']);
  await person.leave();
});

test('the page fits a screen of 320 pixels', { timeout: 180_000 }, async () => {
  const person = await Person.signedIn('insurer', { viewport: { width: 320, height: 640 } });
  await person.page.goto('/desk/systems');
  await person.press('Register a key');
  await person.accessible('narrow-systems');
  await person.leave();
});
