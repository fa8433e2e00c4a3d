// Wall clocks and UTC, at every change of the clocks, in zones that change them and zones that do not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

let vite;
let zone;
before(async () => {
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  zone = await vite.ssrLoadModule('/src/app/zone.ts');
});
after(() => vite.close());

const ZONES = ['Asia/Almaty', 'Asia/Tashkent', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe'];
const QUARTER = 15 * 60_000;

test('what a clock shows is the instant again, every quarter of an hour around each change of it', () => {
  const bare = (at) => new Date(at).toISOString().slice(0, 19);
  let changes = 0;
  for (const name of ZONES) {
    const clock = (at) => Date.parse(`${zone.toLocal(bare(at), name)}Z`) - at;
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const moved = clock(at + 3_600_000) - clock(at);
      if (moved === 0) continue;
      changes += 1;
      for (let near = at - 8 * QUARTER; near < at + 12 * QUARTER; near += QUARTER) {
        const local = zone.toLocal(bare(near), name);
        const again = zone.toUtc(local, name);
        // An hour that strikes twice is the later one.
        const later = zone.toLocal(bare(near - moved), name) === local && moved < 0 ? near - moved : near;
        assert.equal(again, bare(later), `${name} ${local}`);
      }
    }
  }
  assert.equal(changes, 6, 'three of the zones change their clocks, twice a year');
});

test('an hour that is left out is the one after, and what is no time is none', () => {
  assert.equal(zone.toUtc('2026-03-29T02:30:00', 'Europe/Paris'), '2026-03-29T01:30:00');
  assert.equal(zone.toUtc('2026-10-25T02:30:00', 'Europe/Paris'), '2026-10-25T01:30:00');
  assert.equal(zone.toUtc('2026-05-04T09:00', 'Asia/Almaty'), '2026-05-04T04:00:00');
  assert.equal(zone.toLocal('2026-05-04T20:00:00', 'Asia/Almaty'), '2026-05-05T01:00:00');
  assert.equal(zone.toUtc('', 'Asia/Almaty'), '');
  assert.equal(zone.toLocal('tomorrow', 'Asia/Almaty'), '');
});

test('the day is that of the place', () => {
  const late = new Date('2026-11-30T20:30:00Z');
  assert.equal(zone.dayIn(late, 'Asia/Almaty'), '2026-12-01');
  assert.equal(zone.dayIn(late, 'America/New_York'), '2026-11-30');
  assert.equal(zone.endOf('2026-11-30', 'Asia/Almaty'), '2026-11-30T18:59:59Z');
  assert.equal(zone.knownZone('Asia/Tashkent'), 'Asia/Tashkent');
  assert.equal(zone.knownZone('Nowhere/At_All'), zone.ownZone());
});
