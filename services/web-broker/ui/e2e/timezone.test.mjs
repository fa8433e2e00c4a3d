// One clock for everybody: a time of a message is that of the office it concerns, wherever the reader is; a day is that of the reader.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit } from './browser.mjs';

before(launch);
after(quit);

const NOTIFIED = 'TransitOperation.arrivalNotificationDateAndTime';
const ZONES = ['Asia/Almaty', 'America/New_York'];

for (const timezoneId of ZONES) {
  test(`in ${timezoneId} the clock of the office is shown and entered`, { timeout: 180_000 }, async () => {
    const carrier = await Person.signedIn('carrier', { timezoneId });
    await carrier.page.goto('/desk/arrivals/new?mrn=26KZABCDEFGHIJKLJ5');
    const hint = carrier.page.locator('.field', { has: carrier.field(NOTIFIED) });
    // Until an office is named the clock is one's own.
    await hint.getByText(`Time zone: ${timezoneId}`).waitFor();
    await carrier.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
    await hint.getByText('Time zone: Asia/Tashkent, GMT+5').waitFor();
    const shown = await carrier.field(NOTIFIED).inputValue();
    const tashkent = new Date(Date.now() + 5 * 3_600_000).toISOString();
    assert.equal(shown.slice(0, 13), tashkent.slice(0, 13), 'now, by the clock of Tashkent');

    await carrier.field(NOTIFIED).fill('2026-11-30T14:30');
    await carrier.field(NOTIFIED).blur();
    await carrier.accessible(`time-zone-${timezoneId.split('/')[1]}`);
    await carrier.press('Check', { exact: true });
    await carrier.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
    await carrier.page.locator('.doc').getByText('30 Nov 2026, 14:30').waitFor();
    // What is kept, and would be signed, is in UTC.
    const kept = await carrier.page.evaluate(
      () => Object.entries(localStorage).find(([name]) => name.endsWith('/arrival.26KZABCDEFGHIJKLJ5'))?.[1],
    );
    assert.equal(
      JSON.parse(kept).value.tree.TransitOperation.arrivalNotificationDateAndTime,
      '2026-11-30T09:30:00',
    );
    await carrier.leave();
  });
}

test('today is the day of the reader, before and after midnight of UTC', { timeout: 180_000 }, async () => {
  for (const [timezoneId, day] of [
    ['Asia/Almaty', '2026-12-01'],
    ['America/New_York', '2026-11-30'],
  ]) {
    const insurer = await Person.signedIn('insurer', { timezoneId });
    await insurer.page.clock.setFixedTime(new Date('2026-11-30T20:30:00Z'));
    await insurer.page.getByRole('link', { name: 'Guarantees' }).click();
    await insurer.press('Propose a guarantee');
    await insurer.page.waitForURL(/\/guarantees\/new$/);
    assert.equal(await insurer.page.getByLabel('Valid from').inputValue(), day);
    await insurer.leave();
  }
});
