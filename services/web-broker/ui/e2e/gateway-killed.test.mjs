// The line, the gateway alone, and the tab are cut at each step of a declaration, while the services behind it go on. The gateway of this
// test is one of its own beside the other, on the same services.
import { after, before, test } from 'node:test';
import { cutAtEachStep, diesBeforeSending, Victim } from './cuts.mjs';

const gateway = new Victim(['--config', process.env.CONFIG ?? '', 'serve', 'gateway', '--demo']);
let helper;

before(async () => {
  await gateway.start();
  process.env.SUITE = gateway.address;
  helper = await import('./browser.mjs');
  await helper.launch();
});
after(async () => {
  await helper?.quit();
  await gateway.kill();
});

test(
  'line, gateway and tab are cut at each step, and nothing that was entered is lost',
  {
    timeout: 600_000,
  },
  () => cutAtEachStep(helper, gateway),
);

test(
  'a gateway that dies before the signed declaration arrives gets it when it is back',
  {
    timeout: 300_000,
  },
  () => diesBeforeSending(helper, gateway),
);
