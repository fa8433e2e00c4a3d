// How dates, numbers and distances are written, in a browser that knows no Kazakh as well.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

let vite;
let texts;
before(async () => {
  process.env.TZ = 'Asia/Almaty';
  globalThis.localStorage = { getItem: () => null, setItem: () => undefined };
  globalThis.document = { documentElement: {} };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  texts = await vite.ssrLoadModule('/src/app/texts.ts');
});
after(() => vite.close());

test('Kazakh has its own months, signs of numbers and words for distances', async () => {
  await texts.speak('kk');
  const spaced = (text) => text.replace(/[\u00a0\u202f]/g, ' ');
  assert.equal(texts.instant('2026-11-30T10:08:26Z'), '2026 ж. 30 қар. 15:08');
  assert.equal(texts.day('2026-01-05'), '2026 ж. 5 қаң.');
  assert.equal(texts.clock('2026-11-30T10:08:26Z'), '15:08:26');
  assert.equal(spaced(texts.money({ amount: '1234567.50', currency: 'KZT' })), '1 234 567,50 KZT');
  const now = Date.parse('2026-11-30T10:00:00Z');
  assert.equal(texts.ago('2026-12-02T10:00:00Z', now), '2 күннен кейін');
  assert.equal(texts.ago('2026-11-30T07:00:00Z', now), '3 сағат бұрын');
  assert.equal(texts.ago('2026-11-30T09:59:50Z', now), 'қазір');
  assert.equal(texts.zone(), 'Asia/Almaty, GMT+5');
});
