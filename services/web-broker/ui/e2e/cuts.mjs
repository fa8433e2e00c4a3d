// What is cut off loses nothing: a program of the suite that can be killed and started again, and the steps of a declaration at which the
// line goes, then the program is killed and so is the tab, also while somebody types, reviews, amends or reports an unloading;
// everything that was entered is there again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A program that listens, and is killed as by a power cut. */
export class Victim {
  #arguments;
  #env;
  #process;

  constructor(args, env = {}) {
    this.#arguments = args;
    this.#env = { ...process.env, ...env };
  }

  /** Starts it on a free port, or again on the one it had, and waits until it answers. */
  async start() {
    this.port ??= await freePort();
    const args = [...this.#arguments, '--listen', `127.0.0.1:${this.port}`];
    this.#process = spawn(process.env.BINARY, args, { env: this.#env, stdio: 'ignore' });
    for (let tries = 0; tries < 240; tries++) {
      const answer = await fetch(`${this.address}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 250));
    }
    assert.fail('the suite did not become ready');
  }

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  async kill() {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode) return;
    const gone = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill('SIGKILL');
    await gone;
  }
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

const ITEM = 'Consignment.HouseConsignment.0.ConsignmentItem';
/** The steps of the journey, each with a field that is filled while the line is cut, and one while the suite is dead. */
const STEPS = [
  {
    fields: { 'CustomsOfficeOfDeparture.referenceNumber': 'KZALA001' },
    cut: ['CustomsOfficeOfDestinationDeclared.referenceNumber', 'UZTAS001'],
    dead: ['CustomsOfficeOfTransitDeclared.0.referenceNumber', 'KGAKZ001'],
  },
  {
    fields: { 'Consignment.Consignee.name': 'Chilonzor Auto Parts LLC' },
    cut: ['Consignment.Consignee.Address.city', 'Tashkent'],
    dead: ['Consignment.Consignee.Address.postcode', '100096'],
  },
  {
    fields: { 'Guarantee.0.GuaranteeReference.0.accessCode': 'ABCD' },
    cut: ['Guarantee.0.GuaranteeReference.0.amountToBeCovered', '10000'],
    dead: ['Consignment.referenceNumberUCR', 'ALT-TAS-7781'],
  },
  {
    fields: { 'Consignment.DepartureTransportMeans.0.identificationNumber': '417AKB02' },
    cut: ['Consignment.PlaceOfLoading.location', 'Almaty'],
    dead: ['Consignment.DepartureTransportMeans.0.nationality', 'KZ'],
  },
  {
    fields: { [`${ITEM}.0.Commodity.descriptionOfGoods`]: 'Brake pads for lorries' },
    cut: [`${ITEM}.0.Commodity.GoodsMeasure.grossMass`, '2210.250'],
    dead: [`${ITEM}.0.Packaging.0.shippingMarks`, 'ALT 7781/1'],
  },
];
/** Well within the five seconds after which nothing may be lost. */
const KEPT_MS = 2_000;

/** Everything that stands in the form. */
const entered = (page) =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('main [id^="f-"]')].filter((one) => one.value);
    return Object.fromEntries(fields.map((one) => [one.id, one.value]));
  });

async function signIn(page) {
  await page.goto('/');
  await page.locator('[data-login="declarant"]').click();
  await page.waitForURL(/\/desk/);
}

/** Cuts the line, then `victim` and the tab, at each step of a declaration. */
export async function cutAtEachStep(helper, victim) {
  const declarant = await helper.Person.signedIn('declarant');
  const context = declarant.page.context();
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  const draft = declarant.page.url();
  for (const { fields, cut, dead } of STEPS) {
    for (const [path, value] of Object.entries(fields)) await declarant.fill(path, value);
    await declarant.page.getByText(/^Saved at/).waitFor();
    await context.setOffline(true);
    await declarant.fill(...cut);
    await declarant.page.waitForTimeout(KEPT_MS);
    await context.setOffline(false);
    await declarant.page.getByText(/^Saved at/).waitFor();

    await victim.kill();
    await declarant.fill(...dead);
    await declarant.page.waitForTimeout(KEPT_MS);
    const all = await entered(declarant.page);
    assert.equal(all[`f-${dead[0]}`], dead[1]);
    await declarant.page.close({ runBeforeUnload: false });
    await victim.start();
    declarant.page = await context.newPage();
    await signIn(declarant.page);
    await declarant.page.goto(draft);
    await declarant.page.getByText('What this browser had kept was put back').waitFor();
    const again = await entered(declarant.page);
    const lost = Object.entries(all).filter(([id, value]) => again[id] !== value);
    assert.deepEqual(lost, []);
    await declarant.page.getByText(/^Saved at/).waitFor();
  }
  await context.close();
}

/** Kills `victim` before a signed declaration is sent, and once more while the answer is awaited. */
export async function diesBeforeSending(helper, victim) {
  const declarant = await helper.Person.signedIn('declarant');
  await helper.complete(declarant, helper.sandbox.guarantee);
  await declarant.press('Check', { exact: true });
  await declarant.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await victim.kill();
  await declarant.press(/^Sign as/);
  await declarant.page.getByText('The suite cannot be reached').waitFor();
  await victim.start();
  await declarant.press(/^Sign as/);
  // Who had given the token was killed: where it is not known any more, another signature is asked for over the page.
  const dialog = declarant.page.locator('dialog', { hasText: 'Your session has ended' });
  const sent = declarant.page.waitForURL(/\/desk\/movements\//);
  const asked = await Promise.race([sent.then(() => false), dialog.waitFor().then(() => true)]);
  if (asked) {
    const key = helper.sandbox.keys.find(({ login }) => login === 'declarant');
    await helper.openKey(dialog, key, 'Sign in');
    await dialog.waitFor({ state: 'detached' });
    await declarant.press(/^Sign as/);
    await sent;
  }
  await declarant.state('Awaits release');
  const seen = declarant.page.url();
  await victim.kill();
  await victim.start();
  declarant.page = await declarant.page.context().newPage();
  await signIn(declarant.page);
  await declarant.page.goto(seen);
  await declarant.state('Awaits release');
  await declarant.page.context().close();
}

const NAME = 'Consignment.Consignee.name';
/** What may be lost of what somebody types without a pause. */
const LOST_MOST = 5;

/** The tab is gone without a word, and another one has the same page. */
async function anotherTab(person, login, address) {
  const context = person.page.context();
  await person.page.close({ runBeforeUnload: false });
  person.page = await context.newPage();
  await person.page.goto('/');
  await person.page.locator(`[data-login="${login}"]`).click();
  await person.page.waitForURL(/\/desk/);
  await person.page.goto(address);
}

/** Kills the tab while somebody types without a pause: first the browser has it, then, without the browser, the suite. */
export async function killedWhileTyping(helper) {
  const declarant = await helper.Person.signedIn('declarant');
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  const draft = declarant.page.url();
  const typed = 'Chilonzor Auto Parts and Tyres of the Southern Roads LLC, Tashkent'.slice(0, 64);
  const kill = async (browserForgets) => {
    await declarant.field(NAME).fill('');
    const typing = declarant.field(NAME).pressSequentially(typed, { delay: 120 });
    await declarant.page.waitForTimeout(6_500);
    const there = await declarant.field(NAME).inputValue();
    if (browserForgets) {
      // What the browser keeps from here on is not looked at.
      await declarant.page.evaluate(() => {
        Storage.prototype.setItem = () => undefined;
        localStorage.clear();
      });
    }
    const gone = typing.catch(() => undefined);
    await anotherTab(declarant, 'declarant', draft);
    await gone;
    await declarant.field(NAME).waitFor();
    const again = await declarant.field(NAME).inputValue();
    return { there, again };
  };
  const kept = await kill(false);
  assert.ok(kept.there.length > 20, kept.there);
  assert.ok(kept.again.startsWith(kept.there.slice(0, -LOST_MOST)), JSON.stringify(kept));
  const saved = await kill(true);
  // A save begins four seconds after the first letter, whether or not somebody pauses.
  assert.ok(saved.again.length > 10 && typed.startsWith(saved.again), JSON.stringify(saved));
  await declarant.page.context().close();
}

/** Cuts the review of a declaration and an amendment: what was entered is there, and so is what the amendment changes. */
export async function cutAtReviewAndAmendment(helper, victim) {
  const declarant = await helper.Person.signedIn('declarant');
  await helper.complete(declarant, helper.sandbox.guarantee);
  const draft = declarant.page.url();
  await declarant.press('Check', { exact: true });
  const review = declarant.page.getByRole('heading', { name: 'Check your answers' });
  await review.waitFor();
  await victim.kill();
  await victim.start();
  await anotherTab(declarant, 'declarant', draft);
  await declarant.holds(NAME, 'Chilonzor Auto Parts LLC');
  await sendAnew(helper, declarant);
  await declarant.state('Awaits release');

  await declarant.press('Amend', { exact: true });
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  const amendment = declarant.page.url();
  await declarant.holds('Consignment.PlaceOfLoading.location', 'Almaty');
  await declarant.page.context().setOffline(true);
  await declarant.fill('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  await declarant.page.waitForTimeout(1_000);
  await declarant.page.context().setOffline(false);
  await anotherTab(declarant, 'declarant', amendment);
  await declarant.holds('Consignment.PlaceOfLoading.location', 'Almaty, yard 7');
  await declarant.press('Check', { exact: true });
  await declarant.page.getByRole('row', { name: /Almaty Almaty, yard 7/ }).waitFor();
  await declarant.page.context().close();
}

/** Checks and sends with a key that this tab was not given yet. */
async function sendAnew(helper, person) {
  await person.press('Check', { exact: true });
  await person.press(/^Sign as/);
  const key = helper.sandbox.keys.find(({ login }) => login === 'declarant');
  await helper.openKey(person.page.locator('dialog'), key, 'Open');
  await person.page.waitForURL(/\/desk\/movements\//);
}

/** Cuts an arrival notification and unloading remarks: neither is a draft, and both are there again. */
export async function cutAtArrival(helper) {
  const { declarant, mrn } = await helper.released();
  const carrier = await helper.Person.signedIn('carrier');
  await carrier.page.getByRole('link', { name: 'Arrivals' }).click();
  await carrier.press('Notify an arrival');
  await carrier.fill('TransitOperation.MRN', mrn);
  await anotherTab(carrier, 'carrier', '/desk/arrivals/new');
  await carrier.holds('TransitOperation.MRN', mrn);
  await carrier.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
  await carrier.press('Check', { exact: true });
  await carrier.press(/^Sign as/);
  const key = helper.sandbox.keys.find(({ login }) => login === 'carrier');
  await helper.openKey(carrier.page.locator('dialog'), key, 'Open');
  await carrier.state('Notified');
  const officer = await helper.Person.signedIn('officer-destination');
  await officer.page.getByRole('link', { name: mrn }).click();
  await officer.press('Permit unloading');
  await carrier.press('Unloading remarks');
  const packages = 'Consignment.HouseConsignment.0.ConsignmentItem.1.Packaging.0.numberOfPackages';
  await carrier.holds(packages, '40');
  const remarks = carrier.page.url();
  await carrier.fill(packages, '39');
  await carrier.fill('UnloadingRemark.unloadingRemark', 'One carton is missing');
  await anotherTab(carrier, 'carrier', remarks);
  await carrier.holds(packages, '39');
  await carrier.holds('UnloadingRemark.unloadingRemark', 'One carton is missing');
  for (const person of [carrier, officer, declarant]) await person.page.context().close();
}
