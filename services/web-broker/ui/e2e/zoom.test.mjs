// Nothing is lost at 200 %: neither when the browser enlarges everything, nor when it enlarges the text alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AREAS, PUBLIC } from './areas.mjs';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';
import { losses } from './zoom.mjs';

before(launch);
after(quit);

/** A screen of 1280 by 1024 pixels, as it is left by each way of enlarging to 200 %. */
const WAYS = {
  'everything at 200 %': { viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 },
  'text at 200 %': { viewport: { width: 1280, height: 1024 } },
};

for (const [way, options] of Object.entries(WAYS)) {
  let found = [];

  /** Looks at what is shown, in the languages with the longest words as well. */
  async function whole(person, name) {
    const { page } = person;
    const modal = await page.locator('dialog[open]').count();
    for (const language of modal ? ['en'] : ['ru', 'kk', 'en']) {
      if (!modal) await person.speak(language);
      await page.waitForFunction(() => !document.querySelector('.waiting'));
      if (way.startsWith('text'))
        await page.evaluate(() => document.documentElement.style.setProperty('font-size', '187.5%'));
      const lost = await page.evaluate(losses);
      found.push(...lost.map((what) => `${name} in ${language}: ${what}`));
    }
  }
  /** Everything that was lost is told at once. */
  function nothingLost() {
    const all = found;
    found = [];
    assert.deepEqual(all, []);
  }

  test(`pages of everybody, ${way}`, { timeout: 300_000 }, async () => {
    const visitor = await Person.visit(options);
    for (const path of PUBLIC) {
      await visitor.page.goto(path);
      await visitor.page.locator('h1').waitFor();
      await whole(visitor, path);
    }
    await visitor.page.goto('/');
    await visitor.page.getByLabel('NCALayer', { exact: true }).check();
    await whole(visitor, 'sign-in with NCALayer');
    await visitor.page.getByLabel('PKCS#12 file', { exact: true }).check();
    await visitor.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await visitor.page.getByText('Choose your key file').waitFor();
    await whole(visitor, 'sign-in without a file');
    await visitor.leave();
    nothingLost();
  });

  for (const [login, paths] of Object.entries(AREAS)) {
    test(`the areas of ${login}, ${way}`, { timeout: 300_000 }, async () => {
      const person = await Person.signedIn(login, options);
      for (const path of paths) {
        await person.page.goto(path);
        await person.page.locator('h1').waitFor();
        await whole(person, `${login} ${path}`);
      }
      await person.leave();
      nothingLost();
    });
  }

  test(`a declaration on its way to an officer, ${way}`, { timeout: 300_000 }, async () => {
    const declarant = await Person.signedIn('declarant', options);
    await complete(declarant, sandbox.guarantee);
    await whole(declarant, 'draft');
    await declarant.fill('CustomsOfficeOfDeparture.referenceNumber', 'KZXXX999');
    await declarant.press('Check', { exact: true });
    await declarant.page.locator('.summary').waitFor();
    await whole(declarant, 'draft with errors');
    await declarant.fill('CustomsOfficeOfDeparture.referenceNumber', 'KZALA001');
    await send(declarant);
    await declarant.state('Awaits release');
    await whole(declarant, 'movement');
    await declarant.press('Write a note');
    await whole(declarant, 'a note');

    const mrn = await declarant.page.locator('h1').textContent();
    const officer = await Person.signedIn('officer-departure', options);
    await officer.page.getByRole('link', { name: mrn, exact: true }).click();
    await officer.page.getByRole('button', { name: 'Release', exact: true }).waitFor();
    await whole(officer, 'case');
    await officer.press('Order a control');
    await whole(officer, 'a decision');
    await officer.leave();
    await declarant.leave();
    nothingLost();
  });
}
