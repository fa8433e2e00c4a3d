// Key files as certification authorities and older tools write them open with their password, and what they sign is a valid signature.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

let vite;
let signing;
const place = mkdtempSync(join(tmpdir(), 'key-file-'));
const at = (name) => join(place, name);
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
const octets = (name) => {
  const read = readFileSync(at(name));
  return read.buffer.slice(read.byteOffset, read.byteOffset + read.length);
};
const OLD = ['-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
const WAYS = {
  'AES throughout': [],
  'triple DES throughout': ['-legacy', ...OLD, '-certpbe', 'PBE-SHA1-3DES'],
  'triple DES for the key, RC2 for the certificate': ['-legacy', ...OLD, '-certpbe', 'PBE-SHA1-RC2-40'],
  'triple DES for the key, AES for the certificate': ['-legacy', ...OLD, '-certpbe', 'AES-256-CBC'],
};
const KEYS = {
  'P-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'RSA 2048': ['-newkey', 'rsa:2048'],
};
const PASSWORD = 'құпия сөз 1';

/** A self-signed certificate and its key file, encrypted in this way. */
function make(key, way) {
  const subject = ['-utf8', '-subj', '/CN=Алия Сеитова/O=Алатау жүк'];
  openssl(
    'req',
    '-x509',
    ...KEYS[key],
    '-nodes',
    '-days',
    '1',
    ...subject,
    '-keyout',
    at('key'),
    '-out',
    at('cert'),
  );
  openssl(
    'pkcs12',
    '-export',
    ...WAYS[way],
    '-inkey',
    at('key'),
    '-in',
    at('cert'),
    '-out',
    at('file'),
    '-passout',
    `pass:${PASSWORD}`,
  );
  return octets('file');
}

before(async () => {
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  signing = await vite.ssrLoadModule('/src/signing/index.ts');
  globalThis.sessionStorage ??= { getItem: () => null, setItem: () => {} };
  globalThis.localStorage ??= { getItem: () => null, setItem: () => {} };
});
after(async () => {
  rmSync(place, { recursive: true });
  await vite.close();
});

for (const key of Object.keys(KEYS)) {
  for (const way of Object.keys(WAYS)) {
    test(`${key}, ${way}: opens and signs`, async () => {
      const signer = await signing.open(make(key, way), PASSWORD);
      assert.deepEqual([signer.name, signer.organisation], ['Алия Сеитова', 'Алатау жүк']);
      writeFileSync(at('signature'), Buffer.from(await signer.sign('a declaration'), 'base64'));
      writeFileSync(at('content'), 'a declaration');
      const told = openssl(
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', at('signature'), '-content', at('content')],
        ...['-CAfile', at('cert'), '-purpose', 'any'],
      );
      assert.equal(told.toString(), 'a declaration');
    });
    test(`${key}, ${way}: another password is told as such`, async () => {
      await assert.rejects(signing.open(make(key, way), 'құпия сөз 2'), { reason: 'password' });
    });
  }
}

test('a file that asks for more rounds than any does is refused at once', async () => {
  WAYS.endless = [...WAYS['triple DES throughout'], '-iter', '1000001', '-nomaciter'];
  await assert.rejects(signing.open(make('P-256', 'endless'), PASSWORD), { reason: 'format' });
});
