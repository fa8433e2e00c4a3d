// A border post on a slow line: 64 kbit/s and 700 ms there and back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { complete, item, launch, Person, quit, sandbox } from './browser.mjs';

before(launch);
after(quit);

const SECONDS_MOST = 30;
const OCTETS_MOST = 20_000;

test('a declaration of three items is sent and acknowledged over a slow line', {
  timeout: 180_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  await declarant.press('Goods item: add');
  await item(declarant, 2, {
    goods: 'Brake discs for lorries',
    code: '870830',
    gross: '310.5',
    net: '288',
    packages: '24',
  });
  await declarant.press('Check', { exact: true });
  await declarant.page.getByRole('heading', { name: 'Check your answers' }).waitFor();
  await declarant.page.waitForTimeout(1_500);
  const wire = await declarant.page.context().newCDPSession(declarant.page);
  await wire.send('Network.enable');
  const rate = 64_000 / 8;
  await wire.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 700,
    downloadThroughput: rate,
    uploadThroughput: rate,
  });
  let octets = 0;
  wire.on('Network.requestWillBeSent', ({ request }) => {
    octets += (request.postData ?? '').length + JSON.stringify(request.headers).length;
  });
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    octets += encodedDataLength;
  });
  const since = Date.now();
  await declarant.press(/^Sign as/);
  await declarant.page.waitForURL(/\/desk\/movements\//);
  // The acknowledgement is there; what the page of the movement then asks for again, as it changes, is no part of it.
  const acknowledged = octets;
  await declarant.page.locator('.title .tag').waitFor();
  const seconds = (Date.now() - since) / 1000;
  console.log(
    `# sent and acknowledged in ${seconds.toFixed(1)} s with ${acknowledged} octets on the wire, ${octets} when it is shown`,
  );
  assert.ok(seconds < SECONDS_MOST, `${seconds} s`);
  assert.ok(acknowledged < OCTETS_MOST, `${acknowledged} octets`);
  await declarant.leave();
});
