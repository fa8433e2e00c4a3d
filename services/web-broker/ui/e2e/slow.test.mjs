// A border post on a slow line: 64 kbit/s and 700 ms there and back, from the first octet of the first page on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Line } from './line.mjs';

const SLOW = { rate: 64_000 / 8, roundTrip: 700 };
const SECONDS_MOST = 30;
const OCTETS_MOST = 20_000;
const FIRST_SECONDS_MOST = 40;

let line;
let helper;
before(async () => {
  line = await Line.open(process.env.SUITE, SLOW);
  process.env.SUITE = line.address;
  helper = await import('./browser.mjs');
  await helper.launch();
});
after(async () => {
  await helper?.quit();
  line.close();
});

/** How long `act` takes, and what it costs on the wire. */
async function measured(what, act) {
  const [since, octets] = [Date.now(), line.octets];
  await act();
  const seconds = (Date.now() - since) / 1000;
  const cost = line.octets - octets;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${cost} octets`);
  return { seconds, octets: cost };
}

test('a declaration of three items is filled in, checked, sent and acknowledged over a slow line', {
  timeout: 600_000,
}, async () => {
  const { complete, item, Person, sandbox } = helper;
  const declarant = await Person.visit();
  const { page } = declarant;
  const first = await measured('the first page, nothing kept', async () => {
    await page.goto('/');
    await page.locator('[data-login="declarant"]').waitFor();
  });
  assert.ok(first.seconds < FIRST_SECONDS_MOST, `${first.seconds} s until the first page can be used`);
  await measured('sign-in with the part that signs, to the desk', async () => {
    await page.locator('[data-login="declarant"]').click();
    await page.waitForURL(/\/desk/);
    await page.locator('.table').first().waitFor();
  });
  await measured('filled in and saved', async () => {
    await complete(declarant, sandbox.guarantee);
    await declarant.press('Goods item: add');
    await item(declarant, 2, {
      goods: 'Brake discs for lorries',
      code: '870830',
      gross: '310.5',
      net: '288',
      packages: '24',
    });
    await page.getByText(/^Saved at/).waitFor();
  });
  const checked = await measured('checked', async () => {
    await declarant.press('Check', { exact: true });
    await page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  });
  const sent = await measured('signed, sent and acknowledged', async () => {
    await declarant.press(/^Sign as/);
    await page.waitForURL(/\/desk\/movements\//);
  });
  await measured('the movement is shown and followed', () => declarant.state('Awaits release'));
  const seconds = checked.seconds + sent.seconds;
  const octets = checked.octets + sent.octets;
  assert.ok(seconds < SECONDS_MOST, `${seconds} s`);
  assert.ok(octets < OCTETS_MOST, `${octets} octets`);
  await declarant.leave();
});
