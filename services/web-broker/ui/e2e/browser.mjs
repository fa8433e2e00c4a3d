// A browser for the journeys: people who sign in, fields, checks of accessibility, screenshots.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { complete } from './declaration.mjs';

export { complete, guarantee, item, twoConsignments } from './declaration.mjs';

export const SUITE = process.env.SUITE ?? 'http://127.0.0.1:8080';
export const shots = process.env.SCREENSHOTS ?? 'target/pages';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const LANGUAGES = ['ru', 'kk', 'en'];
export const SOON = 60_000;
/** Pages are looked at once, on the suite in one process; where it is spread the journeys alone are played. */
export const SPREAD = shots.endsWith('spread');

mkdirSync(shots, { recursive: true });
export const sandbox = await (await fetch(`${SUITE}/sandbox/keys`)).json();

let browser;
export async function launch(more) {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const args = Array.isArray(more) ? [...flags, ...more] : flags;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}
export const quit = () => browser.close();

/** Somebody at a browser of their own. */
export class Person {
  actions = 0;
  faults = [];
  foreign = [];

  static async visit(options = {}) {
    const person = new Person();
    const context = await browser.newContext({
      baseURL: SUITE,
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    person.page = await context.newPage();
    person.page.setDefaultTimeout(SOON);
    person.page.on('pageerror', (error) => person.faults.push(error.message));
    person.page.on('console', (message) => {
      // A refusal that the page shows is no fault of the page.
      if (message.type() === 'error' && !message.text().includes('status of 4'))
        person.faults.push(message.text());
    });
    person.page.on('request', (request) => {
      if (!request.url().startsWith(SUITE) && !/^(blob|data):/.test(request.url()))
        person.foreign.push(request.url());
    });
    return person;
  }

  static async signedIn(login, options) {
    const person = await Person.visit(options);
    await person.page.goto('/');
    await person.page.locator(`[data-login="${login}"]`).click();
    await person.page.waitForURL(/\/desk/);
    return person;
  }

  async leave() {
    assert.deepEqual(this.faults, [], 'faults of the page');
    assert.deepEqual(this.foreign, [], 'requests to other places');
    await this.page.context().close();
  }

  field(path) {
    return this.page.locator(`[id="f-${path}"]`);
  }

  async fill(path, value) {
    this.actions += 1;
    const field = this.field(path);
    // A short list becomes a choice once it is there.
    if (value.length < 4) await this.page.waitForTimeout(0);
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value);
    else {
      await field.fill(value);
      await field.blur();
    }
  }

  /** Waits until a field has `value`. */
  async holds(path, value) {
    const there = ([id, wanted]) => document.getElementById(id)?.value === wanted;
    await this.page.waitForFunction(there, [`f-${path}`, value]);
  }

  async press(name, options = {}) {
    this.actions += 1;
    await this.page
      .getByRole('button', { name, ...options })
      .first()
      .click();
  }

  /** Takes a decision that is asked for once more. */
  async decide(name) {
    await this.press(name, { exact: true });
    await this.press('Confirm', { exact: true });
  }

  async state(name) {
    await this.page.locator('.title .tag', { hasText: name }).waitFor();
  }

  /** Shows the page in `language`; what lies under a dialog is reached by no mouse, and the choice is there. */
  async speak(language) {
    await this.page.locator(`header button[lang="${language}"]`).evaluate((button) => button.click());
    await this.page.waitForFunction(
      (wanted) => document.documentElement.lang === wanted && !document.querySelector('.waiting'),
      language,
    );
  }

  /** What axe finds in what is shown now. */
  async findings() {
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(axe);
    return this.page.evaluate(async (rules) => {
      const { violations } = await window.axe.run(document, { runOnly: rules });
      return violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
      );
    }, RULES);
  }

  /** By how many pixels the page is wider than the screen. */
  tooWide() {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  /** No finding of axe in any of the three languages, dialogs among them, and a picture in English. */
  async accessible(name) {
    if (!SPREAD) {
      for (const language of LANGUAGES) {
        await this.speak(language);
        assert.deepEqual(await this.findings(), [], `${name} in ${language}`);
        const wide = await this.tooWide();
        assert.ok(wide <= 0, `${name} in ${language} is ${wide} pixels too wide`);
      }
    }
    await this.picture(name);
  }

  async picture(name) {
    await this.page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  }
}

/** Chooses the key file of somebody of the sandbox in `around`, written anew by `written`, and opens it. */
export async function openKey(around, person, button, written = (file) => file) {
  const answer = await fetch(new URL(person.file, SUITE));
  const buffer = written(Buffer.from(await answer.arrayBuffer()));
  const file = { name: `${person.login}.p12`, mimeType: 'application/x-pkcs12', buffer };
  await around.getByLabel('Key file').setInputFiles(file);
  await around.getByLabel('Password of the key').fill(sandbox.password);
  await around.getByRole('button', { name: button, exact: true }).click();
}

/** A movement on its way from Almaty to Tashkent: its declarant, who stays at its page, and its MRN. */
export async function released(options) {
  const declarant = await Person.signedIn('declarant', options);
  await complete(declarant, sandbox.guarantee);
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await declarant.page.locator('h1').textContent();
  const departure = await Person.signedIn('officer-departure', options);
  await departure.page.getByRole('link', { name: mrn }).click();
  await departure.decide('Release');
  await declarant.state('On its way');
  await departure.leave();
  return { declarant, mrn };
}

/** Presses `name` and gives the file that is saved. */
export async function saved(person, name) {
  const [download] = await Promise.all([
    person.page.waitForEvent('download'),
    person.page.getByRole('button', { name }).first().click(),
  ]);
  return { name: download.suggestedFilename(), octets: readFileSync(await download.path()) };
}

/** Checks a draft that is right, signs it and sends it. */
export async function send(person) {
  await person.press('Check', { exact: true });
  await person.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await person.press(/^Sign as/);
  await person.page.waitForURL(/\/desk\/movements\//);
}
