// Reference data under four eyes: one administrator proposes a file, another looks at the difference and decides.
import { after, before, test } from 'node:test';
import { launch, Person, quit } from './browser.mjs';

before(launch);
after(quit);

/** A national list with these codes. */
const national = (codes) => {
  const entries = Object.entries(codes).map(([code, description]) => ({
    state: 'valid',
    activeFrom: '2026-01-01',
    code,
    description,
  }));
  const lists = { NationalRemarks: { listName: 'NationalRemarks', listEntries: entries } };
  return Buffer.from(JSON.stringify({ messageInformation: { snapshotDate: '2026-11-15' }, lists }));
};

async function propose(administrator, name, codes) {
  const { page } = administrator;
  await page.goto('/desk/references');
  await page
    .getByLabel('File', { exact: true })
    .setInputFiles({ name, mimeType: 'application/json', buffer: national(codes) });
  await page.getByLabel('Dataset (optional)').fill('national');
  await administrator.press('Propose', { exact: true });
  await page.waitForURL(/\/desk\/references\/./);
}

test('a proposed file is activated by somebody else, with the difference before their eyes', {
  timeout: 300_000,
}, async () => {
  const first = await Person.signedIn('administrator');
  const second = await Person.signedIn('administrator-second');
  await first.page.goto('/desk/references');
  await first.press('Propose', { exact: true });
  await first.page.getByText('Choose a file').waitFor();
  await first.accessible('proposals-missing');

  await propose(first, 'remarks.json', { R1: 'Keep dry', R2: 'Fragile' });
  await first.page.getByText('You have proposed this file').waitFor();
  await first.page.getByRole('cell', { name: 'Keep dry', exact: true }).waitFor();
  await first.accessible('proposal-own');

  await second.page.goto(new URL(first.page.url()).pathname);
  await second.page.getByRole('cell', { name: 'Fragile', exact: true }).waitFor();
  await second.accessible('proposal');
  await second.press('Activate', { exact: true });
  await second.press('Confirm', { exact: true });
  await second.page.getByText('Activated', { exact: true }).waitFor();

  await propose(first, 'remarks-2.json', { R1: 'Keep dry and cool' });
  await second.page.goto(new URL(first.page.url()).pathname);
  const changed = second.page.getByRole('row').filter({ hasText: 'R1' });
  await changed.getByRole('cell', { name: 'Keep dry', exact: true }).waitFor();
  await changed.getByRole('cell', { name: 'Keep dry and cool', exact: true }).waitFor();
  await second.press('Refuse', { exact: true });
  await second.page.locator('.error').first().waitFor();
  await second.page.getByLabel('Reason').fill('R2 must stay');
  await second.press('Refuse', { exact: true });
  await second.page.getByText('R2 must stay').waitFor();
  await first.page.goto('/desk/references');
  await first.page.getByRole('row').filter({ hasText: 'remarks-2.json' }).getByText('Refused').waitFor();
  await first.accessible('proposals');
  await first.leave();
  await second.leave();
});

test('an administrator sees which rules judge and whom signatures are held against', {
  timeout: 180_000,
}, async () => {
  const administrator = await Person.signedIn('administrator', { viewport: { width: 320, height: 640 } });
  await administrator.page.goto('/desk/in-force');
  await administrator.page.getByRole('cell', { name: '2026.1', exact: true }).waitFor();
  await administrator.page.getByText('Anchor', { exact: true }).first().waitFor();
  await administrator.accessible('in-force');
  await administrator.leave();
});
