// Every address of the pages for everybody: what they may see and what they are refused, while it is awaited and where it fails; on a screen
// of 320 pixels no finding of axe, and nothing too wide, in three languages: where one page is much like the next, each in another one.
// What is looked at on a large screen is in `pages.test`.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AREAS } from './areas.mjs';
import { LANGUAGES, launch, Person, quit, released, sandbox } from './browser.mjs';

const SCREEN = { viewport: { width: 320, height: 640 } };
const LOGINS = [
  'declarant',
  'broker',
  'carrier',
  'officer-departure',
  'officer-transit-kg',
  'officer-destination',
  'insurer',
  'administrator',
];
/** Pages that are the same for everybody. */
const COMMON = /^\/public\/|^\/desk\/(offices|publications)$/;
const source = readFileSync(new URL('../src/app/App.tsx', import.meta.url), 'utf8');
const ROUTES = [...source.matchAll(/\['(\/[^']*)', \w+\]/g)].map(([, pattern]) => pattern);
/** What stands for the parts of an address; some of it is made first. */
const parts = { '/desk/guarantees/:reference': `/desk/guarantees/${sandbox.guarantee.grn}` };

before(async () => {
  await launch();
  await makeParts();
});
after(quit);

async function makeParts() {
  const { declarant } = await released();
  const movement = new URL(declarant.page.url()).pathname;
  parts['/desk/movements/:id'] = movement;
  await declarant.page.getByRole('link', { name: 'Desk', exact: true }).click();
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  parts['/desk/drafts/:id'] = new URL(declarant.page.url()).pathname;
  await declarant.leave();
  const administrator = await Person.signedIn('administrator');
  const { page } = administrator;
  await page.goto('/desk/organisations');
  parts['/desk/organisations/:id'] = await page
    .locator('a[href^="/desk/organisations/"]')
    .first()
    .getAttribute('href');
  await administrator.leave();
  // An arrival and a proposal that are not there are pages as well; those that are there have their own stories.
  const nobody = '00000000-0000-7000-8000-000000000000';
  parts['/desk/arrivals/:id'] = `/desk/arrivals/${nobody}`;
  parts['/desk/arrivals/:id/unloading'] = `/desk/arrivals/${nobody}/unloading`;
  parts['/desk/references/:id'] = `/desk/references/${nobody}`;
}

/** Somebody who goes from page to page without loading them anew, and waits until everything is answered. */
class Walker {
  found = [];
  #turn = 0;
  #pending = new Set();

  constructor(person) {
    this.person = person;
    this.page = person.page;
    this.page.on('request', (one) => this.#pending.add(one));
    for (const over of ['requestfinished', 'requestfailed'])
      this.page.on(over, (one) => this.#pending.delete(one));
  }

  async settled() {
    for (let quiet = 0; quiet < 2; ) {
      quiet = this.#pending.size === 0 ? quiet + 1 : 0;
      await this.page.waitForTimeout(20);
    }
  }

  async go(path) {
    await this.page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
  }

  /** The language whose turn it is. */
  get next() {
    this.#turn += 1;
    return [LANGUAGES[this.#turn % LANGUAGES.length]];
  }

  /** What is wrong with what is shown, in some languages. */
  async look(name, languages, ready = () => this.settled()) {
    await this.page.locator('main').locator('h1, .waiting, .notice').first().waitFor();
    for (const language of languages) {
      await this.page.locator(`header button[lang="${language}"]`).evaluate((button) => button.click());
      await this.page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
      await ready();
      const wrong = await this.person.findings();
      const wide = await this.person.tooWide();
      if (wide > 0) wrong.push(`${wide} pixels too wide`);
      this.found.push(...wrong.map((what) => `${name} in ${language}: ${what}`));
    }
  }
}

/** Two walk at a time. */
async function together(logins, walk) {
  const left = [...logins];
  const found = [];
  const one = async () => {
    for (let login = left.shift(); login; login = left.shift()) found.push(...(await walk(login)));
  };
  await Promise.all([one(), one()]);
  assert.deepEqual(found, []);
}

async function signedIn(login) {
  const person = await Person.signedIn(login, SCREEN);
  return new Walker(person);
}

test('every address for everybody', { timeout: 900_000 }, async () => {
  assert.ok(ROUTES.length > 30, 'the addresses are found in the source');
  await together(LOGINS, async (login) => {
    const walker = await signedIn(login);
    for (const pattern of ROUTES) {
      // Who is signed in is brought from the first page to their own.
      if (pattern === '/') continue;
      const path = parts[pattern] ?? pattern;
      assert.ok(!path.includes(':'), `${pattern} has nothing that stands for it`);
      await walker.go(path);
      await walker.settled();
      const refused = (await walker.page.locator('main .notice.bad').count()) > 0;
      // A page that is the same for everybody is looked at in every language by the first, and in one by each of the others.
      const alike = refused || (COMMON.test(pattern) && login !== LOGINS[0]);
      const languages = alike ? walker.next : LANGUAGES;
      await walker.look(`${login} at ${pattern}`, languages);
    }
    await walker.person.leave();
    return walker.found;
  });
});

/** Ways in which an answer does not come. */
const STATES = {
  awaited: () => undefined,
  'failed by the suite': (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'internal', detail: 'a store is not there', correlationId: 'c-7781' }),
    }),
  'cut off': (route) => route.abort(),
};

test('every page while its answer is awaited, and where it does not come', { timeout: 900_000 }, async () => {
  await together(Object.keys(AREAS), async (login) => {
    const walker = await signedIn(login);
    const { page } = walker;
    let answer;
    await page.route('**/graphql', (route) => answer(route));
    for (const [state, way] of Object.entries(STATES)) {
      for (const path of AREAS[login]) {
        answer = way;
        await walker.go('/desk/no-such-page');
        await walker.go(path);
        // What is cut off is tried again for a while.
        const shown = state === 'awaited' ? '.waiting, h1' : '.notice.bad, form, h1';
        await page.locator('main').locator(shown).first().waitFor();
        await walker.look(`${login} at ${path}, ${state}`, walker.next, () => page.waitForTimeout(20));
      }
      await page.unroute('**/graphql');
      await page.route('**/graphql', (route) => answer(route));
    }
    await page.context().close();
    return walker.found;
  });
});

test('a page that fails for a reason of its own says so', { timeout: 180_000 }, async () => {
  const walker = await signedIn('declarant');
  const { page, person } = walker;
  await page.route('**/graphql', (route) =>
    route.fulfill({
      contentType: 'application/json',
      body: JSON.stringify({
        data: { movements: { edges: [{}], pageInfo: { hasNextPage: false, endCursor: null } } },
      }),
    }),
  );
  await walker.go('/desk/movements');
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
  await walker.look('a page that has failed', LANGUAGES);
  await person.picture('page-failed');
  assert.ok(person.faults.length > 0, 'the browser is told as well');
  await page.context().close();
  assert.deepEqual(walker.found, []);
});
