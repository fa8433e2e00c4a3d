// What everybody may see without signing in: customs offices, and where goods are by their number.
import { after, before, test } from 'node:test';
import { launch, Person, quit, released } from './browser.mjs';

before(launch);
after(quit);

test('offices and goods are found without signing in', { timeout: 300_000 }, async () => {
  const visitor = await Person.visit({ viewport: { width: 320, height: 640 } });
  await visitor.page.goto('/public/offices');
  await visitor.page.getByRole('cell', { name: 'KZALA001' }).waitFor();
  await visitor.page.getByLabel('Name or number').fill('KGAKZ');
  await visitor.page.getByRole('cell', { name: 'KZALA001' }).waitFor({ state: 'detached' });
  await visitor.page.getByRole('cell', { name: 'KGAKZ001' }).waitFor();
  await visitor.accessible('public-offices');

  const { declarant, mrn } = await released();
  await visitor.page.getByRole('link', { name: 'Follow goods' }).click();
  await visitor.page.getByLabel('MRN').fill('26KZ');
  await visitor.press('Follow', { exact: true });
  await visitor.page.getByText('An MRN has 18 characters').waitFor();
  await visitor.accessible('follow-wrong');
  await visitor.page.getByLabel('MRN').fill(mrn.toLowerCase());
  await visitor.press('Follow', { exact: true });
  await visitor.page.locator('.route').getByText('KGAKZ001').waitFor();
  await visitor.page.locator('section .tag', { hasText: 'On the way' }).waitFor();
  await visitor.accessible('follow');
  await visitor.page.goto(`/public/follow?mrn=${mrn.slice(0, 4)}${'0'.repeat(12)}${mrn.slice(16)}`);
  await visitor.page.locator('.notice').waitFor();
  await visitor.leave();
  await declarant.leave();
});

test('what an administrator publishes is read by everybody in their language, with the rates of a day', {
  timeout: 300_000,
}, async () => {
  const visitor = await Person.visit({ viewport: { width: 320, height: 640 } });
  await visitor.page.goto('/');
  await visitor.page.getByRole('link', { name: 'Regulations and rates' }).click();
  await visitor.page.getByRole('rowheader', { name: '1 EUR' }).waitFor();
  await visitor.page.locator('[data-publication="REGULATION"]').first().waitFor();
  await visitor.accessible('publications');
  await visitor.page.getByLabel('Day').fill('2020-01-01');
  await visitor.page.getByText('No rates are set for this day').waitFor();

  const administrator = await Person.signedIn('administrator');
  const { page } = administrator;
  await page.goto('/desk/publish');
  await administrator.press('Publish', { exact: true });
  await page.locator('.error').first().waitFor();
  await administrator.accessible('publish-missing');
  const words = { English: 'Closed on Friday', Русский: 'В пятницу закрыто', Қазақша: 'Жұма күні жабық' };
  for (const [language, words_] of Object.entries(words)) {
    const around = page.getByRole('group', { name: language });
    await around.getByLabel('Title').fill(words_);
    await around.getByLabel('Text').fill(`${words_}.\nKZALA001`);
  }
  await administrator.press('Publish', { exact: true });
  await page.getByRole('cell', { name: 'Closed on Friday', exact: true }).waitFor();
  await administrator.press('Begin with the present ones');
  const lines = page.getByLabel('Rates', { exact: true });
  await lines.fill((await lines.inputValue()).replace(/EUR 1 \S+/, 'EUR 1 0'));
  await page.getByLabel('Day from which on they count').fill('2031-01-01');
  await administrator.press('Set the rates');
  await page.getByText('/rates/1/rate').waitFor();
  await lines.fill((await lines.inputValue()).replace('EUR 1 0', 'EUR 1 543.21'));
  await administrator.press('Set the rates');
  await page.waitForFunction(() => [...document.querySelectorAll('textarea')].at(-1)?.value === '');

  await visitor.page.reload();
  await visitor.page.getByRole('heading', { name: 'Closed on Friday' }).waitFor();
  await visitor.page.locator('header button[lang="kk"]').click();
  await visitor.page.getByRole('heading', { name: 'Жұма күні жабық' }).waitFor();
  await visitor.page.locator('header button[lang="en"]').click();
  await visitor.page.getByLabel('Day').fill('2031-01-02');
  await visitor.page.getByRole('cell', { name: '543.21' }).waitFor();
  await administrator.press('End: Closed on Friday');
  await page.getByRole('cell', { name: 'Closed on Friday', exact: true }).waitFor({ state: 'detached' });
  await visitor.leave();
  await administrator.leave();
});
