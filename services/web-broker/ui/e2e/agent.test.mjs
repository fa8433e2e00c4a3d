// Signing with NCALayer: who signs in by it, sends by it, cancels it, has it not running, or is answered with something else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, SUITE, sandbox, send } from './browser.mjs';
import { Agent, signer } from './ncalayer.mjs';

// The certificate of NCALayer is made known to the browser when it is installed; the one of the stand-in is known to nobody.
before(() => launch(['--ignore-certificate-errors']));
after(quit);

/** What somebody of the sandbox signs with, outside the browser. */
async function keyOf({ file }) {
  const answer = await fetch(new URL(file, SUITE));
  return signer(Buffer.from(await answer.arrayBuffer()), sandbox.password);
}

/** Answers by signing what is asked for with `sign`. */
const signing =
  (sign, list = true) =>
  ({ args }, { say }) => {
    const pem = sign(Buffer.from(args.data, 'base64')).toString();
    say('--heartbeat--');
    say({ body: { result: list ? [pem] : pem }, status: true });
  };

const declarant = sandbox.keys.find(({ login }) => login === 'declarant');

async function atSignIn() {
  const person = await Person.visit();
  await person.page.goto('/');
  await person.page.getByLabel('NCALayer', { exact: true }).check();
  return person;
}
const signIn = (person) => person.page.getByRole('button', { name: 'Sign in', exact: true }).click();

test('a declarant signs in and sends a declaration with NCALayer', { timeout: 300_000 }, async () => {
  const agent = await Agent.start();
  try {
    const sign = await keyOf(declarant);
    const person = await atSignIn();
    const { page } = person;
    await person.accessible('ncalayer-sign-in');
    const asked = new Promise((heard) => {
      agent.behave = (request, line) => heard({ request, line });
    });
    await signIn(person);
    const { request, line } = await asked;
    await page.getByRole('heading', { name: 'NCALayer is waiting for you' }).waitFor();
    await person.accessible('ncalayer-waits');
    assert.equal(request.module, 'kz.gov.pki.knca.basics');
    assert.equal(request.method, 'sign');
    assert.equal(request.args.format, 'cms');
    assert.deepEqual(request.args.signingParams, { decode: true, encapsulate: false, digested: false });
    assert.ok(!JSON.stringify(request).includes(sandbox.password), 'no password passes through the page');
    signing(sign)(request, line);
    await page.waitForURL(/\/desk$/);
    await page.getByText(declarant.name).first().waitFor();

    agent.behave = signing(sign, false);
    await complete(person, sandbox.guarantee);
    await send(person);
    await person.state('Awaits release');
    assert.match(Buffer.from(agent.asked.at(-1).args.data, 'base64').toString(), /417AKB02/);

    // The way is remembered, and nothing of the key is: after a reload NCALayer is asked for again.
    await page.goto('/desk');
    await page.reload();
    await complete(person, sandbox.guarantee);
    await person.press('Check', { exact: true });
    await person.press(/^Sign as/);
    const dialog = page.getByRole('dialog', { name: 'Open your key' });
    assert.ok(await dialog.getByLabel('NCALayer', { exact: true }).isChecked());
    await person.accessible('ncalayer-open');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await page.waitForURL(/\/desk\/movements\//);
    await person.leave();
  } finally {
    await agent.stop();
  }
});

test('what NCALayer does not do is said, with what to do', { timeout: 300_000 }, async () => {
  const person = await atSignIn();
  const { page } = person;
  const told = (text) => page.getByRole('alert').getByText(text).waitFor();
  await signIn(person);
  await told(/^NCALayer does not answer\./);
  await person.accessible('ncalayer-absent');
  // The browser writes to its console that nobody listens; that is no fault of the page.
  person.faults = person.faults.filter((fault) => !fault.includes('ERR_CONNECTION_REFUSED'));

  const agent = await Agent.start();
  try {
    const answers = [
      [(_, { say }) => say({ body: {}, status: true }), /^Signing was cancelled/],
      [(_, { say }) => say('no JSON'), /^NCALayer has answered with something that is no signature/],
      [(_, { say }) => say({ body: { result: ['AAAA'] }, status: true }), /something that is no signature/],
      [(_, { say }) => say({ success: false, errorCode: 'MODULE_NOT_FOUND' }), /that is no signature/],
      [
        (_, { say }) => say({ status: false, code: 'SIGNING_FAILURE', message: 'token removed' }),
        'SIGNING_FAILURE: token removed',
      ],
      [(_, { hangUp }) => hangUp(), /^NCALayer was closed before it had signed/],
    ];
    for (const [behave, text] of answers) {
      agent.behave = behave;
      await signIn(person);
      await told(text);
      assert.equal(await page.getByRole('dialog').count(), 0);
    }
    await person.accessible('ncalayer-closed');

    // Who does not find the window can stop waiting.
    agent.behave = () => undefined;
    await signIn(person);
    await page.getByRole('button', { name: 'Wait no longer', exact: true }).click();
    await told(/^Signing was cancelled/);
    await signIn(person);
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await told(/^Signing was cancelled/);

    // A certificate that customs do not accept: nobody has registered its owner yet (the journey, which does, is played later).
    agent.behave = signing(await keyOf(sandbox.newcomer));
    await signIn(person);
    await page.getByText(/choose another certificate in the window of NCALayer/).waitFor();
    await person.accessible('ncalayer-other-certificate');

    // And back to the file, without a trace of what was wrong.
    await page.getByLabel('PKCS#12 file', { exact: true }).check();
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.getByLabel('Key file').waitFor();
    agent.behave = signing(await keyOf(declarant));
    await page.getByLabel('NCALayer', { exact: true }).check();
    await signIn(person);
    await page.waitForURL(/\/desk$/);
    await person.leave();
  } finally {
    await agent.stop();
  }
});
