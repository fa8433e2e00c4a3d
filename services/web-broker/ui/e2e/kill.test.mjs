// The line, the whole suite in one process, and the tab are cut at each step of a declaration. This test has a suite of its own, to be
// killed as it likes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  cutAtArrival,
  cutAtEachStep,
  cutAtReviewAndAmendment,
  diesBeforeSending,
  killedWhileTyping,
  Victim,
} from './cuts.mjs';

const data = mkdtempSync(join(tmpdir(), 'ecustoms-kill-'));
const suite = new Victim(['up', '--demo'], { ECUSTOMS_DATA_DIR: data });
let helper;

before(async () => {
  await suite.start();
  process.env.SUITE = suite.address;
  helper = await import('./browser.mjs');
  await helper.launch();
});
after(async () => {
  await helper?.quit();
  await suite.kill();
  rmSync(data, { recursive: true, force: true });
});

test(
  'line, suite and tab are cut at each step, and nothing that was entered is lost',
  {
    timeout: 600_000,
  },
  () => cutAtEachStep(helper, suite),
);

test(
  'a suite that dies before the signed declaration arrives gets it when it is back',
  {
    timeout: 300_000,
  },
  () => diesBeforeSending(helper, suite),
);

test('a tab that is killed while somebody types loses a few letters at most', { timeout: 180_000 }, () =>
  killedWhileTyping(helper),
);

test('a review and an amendment that are cut go on where they were', { timeout: 300_000 }, () =>
  cutAtReviewAndAmendment(helper, suite),
);

test('an arrival and unloading remarks that are cut are there again', { timeout: 300_000 }, () =>
  cutAtArrival(helper),
);
