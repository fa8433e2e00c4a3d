// A signature that another program has made is read whatever encoding it has, and anything else is refused.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';
import { signer } from '../e2e/ncalayer.mjs';

let vite;
let der;
let sign;
const place = mkdtempSync(join(tmpdir(), 'der-'));
before(async () => {
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  der = await vite.ssrLoadModule('/src/signing/der.ts');
  const [key, cert, file] = ['key.pem', 'cert.pem', 'key.p12'].map((name) => join(place, name));
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });
  const subject = ['-utf8', '-subj', '/CN=Әлия Сейітқызы/O=Алатау жүк/serialNumber=IIN850101400123'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-days', '1', '-keyout', key, '-out', cert, ...subject);
  openssl('pkcs12', '-export', '-inkey', key, '-in', cert, '-out', file, '-passout', 'pass:open');
  sign = signer(readFileSync(file), 'open');
});
after(async () => {
  rmSync(place, { recursive: true });
  await vite.close();
});

test('a signature with marked ends becomes the one with lengths', () => {
  const ber = sign('a declaration', { form: 'DER' });
  assert.equal(ber[1], 0x80, 'the program marks ends');
  const strict = Buffer.from(der.inDer(ber));
  assert.notEqual(strict[1], 0x80);
  // OpenSSL writes what it has read, and that is DER already.
  assert.deepEqual(Buffer.from(der.inDer(strict)), strict);
  const own = sign('a declaration', { form: 'DER', ber: false });
  assert.deepEqual(Buffer.from(der.inDer(own)), own);
});

test('the names of the signer are read from the certificate', () => {
  const names = der.signerOf(der.inDer(sign('a declaration', { form: 'DER' })));
  assert.deepEqual(names, { name: 'Әлия Сейітқызы', organisation: 'Алатау жүк' });
});

test('a text that comes in pieces is one text', () => {
  const pieces = Uint8Array.from([0x30, 0x80, 0x24, 0x80, 4, 1, 1, 4, 2, 2, 3, 0, 0, 0, 0]);
  assert.deepEqual([...der.inDer(pieces)], [0x30, 5, 4, 3, 1, 2, 3]);
});

test('what is no signature is refused, never read past its end', () => {
  const whole = sign('a declaration', { form: 'DER' });
  for (let length = 0; length < whole.length; length += 7)
    assert.throws(() => der.inDer(whole.subarray(0, length)), der.NoSignature);
  const bad = [
    [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
    [0x30, 0x85, 1, 1, 1, 1, 1],
    [0x1f, 1, 0],
    [0x04, 0x80, 0, 0],
    [0x30, 2, 4, 5],
    [0x30, 0, 0],
    Array(200)
      .fill(0x30)
      .flatMap((tag) => [tag, 0x80]),
  ];
  for (const octets of bad) assert.throws(() => der.inDer(Uint8Array.from(octets)), der.NoSignature);
  for (const octets of [
    [0x30, 0],
    [0x04, 1, 1],
    [0x30, 3, 6, 1, 42],
  ])
    assert.throws(() => der.signerOf(Uint8Array.from(octets)), der.NoSignature);
});
