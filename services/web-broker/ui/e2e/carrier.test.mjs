// The carrier that a declaration names: it sees what it carries, reports an incident to the nearest office, and the office registers it.
import { after, before, test } from 'node:test';
import { complete, launch, Person, quit, sandbox, send } from './browser.mjs';

const CARRIER = 'KZ110240019832';

before(launch);
after(quit);

test('a carrier reports an incident, and the office registers what was reported', {
  timeout: 300_000,
}, async () => {
  const declarant = await Person.signedIn('declarant');
  await complete(declarant, sandbox.guarantee);
  const { page } = declarant;
  const add = { name: '+ Carrier', exact: true, includeHidden: true };
  const optional = page.locator('details.more', { has: page.getByRole('button', add) }).first();
  await optional.locator('summary').click();
  await optional.getByRole('button', add).click();
  await declarant.fill('Consignment.Carrier.identificationNumber', CARRIER);
  await send(declarant);
  await declarant.state('Awaits release');
  const mrn = await page.locator('h1').textContent();
  const departure = await Person.signedIn('officer-departure');
  await departure.page.locator('td', { hasText: 'Brake pads for lorries' }).first().waitFor();
  await departure.accessible('queue-goods');
  await departure.page.getByRole('link', { name: mrn }).click();
  await departure.decide('Release');
  await declarant.state('On its way');
  await departure.leave();

  const carrier = await Person.signedIn('carrier');
  await carrier.page.getByRole('link', { name: 'Movements' }).click();
  await carrier.page.getByRole('link', { name: mrn }).click();
  await carrier.press('Report an incident');
  await carrier.press('Report', { exact: true });
  await carrier.page.getByText('This is needed').first().waitFor();
  await carrier.page.getByLabel('Nearest customs office').selectOption('KGAKZ001');
  await carrier.page.getByLabel('What kind').selectOption('3');
  await carrier.page.getByLabel('What happened on the way').fill('The tractor has broken down');
  await carrier.page.getByLabel('Country').fill('KG');
  await carrier.page.getByLabel('Street or road').fill('Road A2, km 184');
  await carrier.page.getByLabel('Town').fill('Kara-Balta');
  await carrier.page.getByLabel('Its identification').fill('01KG418ABC');
  await carrier.page.getByLabel('Its nationality').fill('KG');
  await carrier.accessible('incident-report');
  await carrier.press('Report', { exact: true });
  await carrier.page.locator('[data-act="incident-report"]', { hasText: 'not registered yet' }).waitFor();
  await carrier.accessible('carrier-movement');

  const transit = await Person.signedIn('officer-transit-kg');
  await transit.page.goto('/desk/notifications');
  await transit.page.getByText('A carrier reports an incident').first().waitFor();
  await transit.page.getByRole('link', { name: 'Queue' }).click();
  await transit.page.getByRole('link', { name: mrn }).click();
  await transit.press('Register report 1');
  await transit.accessible('incident-register-report');
  await transit.press('Register', { exact: true });
  await transit.page.locator('[data-act="incident"]', { hasText: 'registers report 1' }).waitFor();
  await carrier.page.locator('[data-act="incident"]', { hasText: 'endorsed' }).waitFor();
  await page.locator('[data-message="CC182C"]').waitFor();
  for (const person of [declarant, carrier, transit]) await person.leave();
});
