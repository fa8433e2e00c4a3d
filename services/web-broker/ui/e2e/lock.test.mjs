// Two people at one draft, and one person at two screens: who has it open is told, what is free opens in its newest version, and of two
// versions one is chosen by who looks at both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, sandbox } from './browser.mjs';

before(launch);
after(quit);

/** The officer of the sandbox who has work of nobody else, and their number. */
const OFFICER_NUMBER = '770419300205';
const NAME = 'Consignment.Consignee.name';
const key = (login) => sandbox.keys.find((one) => one.login === login);

/** Asks the suite as whoever is signed in at the page. */
const asked = (person, query, variables = {}) =>
  person.page.evaluate(
    async ([query, variables]) => {
      const { accessToken } = JSON.parse(sessionStorage.getItem('ecustoms.session'));
      const answer = await fetch('/graphql', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json',
          'idempotency-key': crypto.randomUUID(),
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await answer.json();
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    [query, variables],
  );

/** Lets an officer act for the declarant's organisation as well, and gives how that ends. */
async function colleagueOf(administrator) {
  const nodes = ({ edges }) => edges.map(({ node }) => node);
  const { organisations } = await asked(
    administrator,
    '{ organisations(first: 100) { edges { node { id eori } } } }',
  );
  const id = (login) => nodes(organisations).find(({ eori }) => eori === key(login).eori).id;
  const { people } = await asked(
    administrator,
    'query($id: UUID!) { people(organisationId: $id, first: 100) { edges { node { personId name } } } }',
    { id: id('officer-training') },
  );
  const { personId } = nodes(people).find(({ name }) => name === key('officer-training').name);
  const { grantMembership } = await asked(
    administrator,
    'mutation($input: GrantMembership!) { grantMembership(input: $input) { membership { id } } }',
    { input: { personId, organisationId: id('declarant'), roles: ['DECLARANT'] } },
  );
  const membershipId = grantMembership.membership.id;
  return () =>
    asked(
      administrator,
      'mutation($input: EndMembership!) { endMembership(input: $input) { membership { id } } }',
      { input: { membershipId } },
    );
}

/** Signs the officer in by the provider, as whose certificate names one organisation, for another one. */
async function signedInFor(number, organisation) {
  const person = await Person.visit();
  await person.page.goto('/');
  await person.page.getByRole('button', { name: 'Sign in by the state' }).click();
  await person.page.getByRole('link', { name: 'A stranger' }).waitFor();
  const agree = new URL(person.page.url());
  agree.pathname = '/agree';
  agree.searchParams.set('who', number);
  await person.page.goto(agree.href);
  await person.page.getByLabel('EORI of the organisation').fill(organisation);
  await person.page.getByRole('button', { name: 'Go on', exact: true }).click();
  await person.page.waitForURL(/\/desk/);
  return person;
}

const saved = (person) => person.page.getByText(/^Saved at/).waitFor();
const readOnly = (person) => person.field(NAME).evaluate((field) => field.readOnly);

test('a draft that a colleague has open is locked, and opens in its newest version when it is free', {
  timeout: 300_000,
}, async () => {
  const administrator = await Person.signedIn('administrator');
  const end = await colleagueOf(administrator);
  const declarant = await Person.signedIn('declarant');
  await declarant.press('New declaration');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  await declarant.fill(NAME, 'As it was');
  await saved(declarant);
  await declarant.page.getByText(/^Kept until/).waitFor();

  const colleague = await signedInFor(OFFICER_NUMBER, key('declarant').eori);
  await colleague.page.goto(declarant.page.url());
  await colleague.page.getByText(`This draft is being edited by ${key('declarant').name}`).waitFor();
  await colleague.page.getByText(/It is locked until \d\d:\d\d:\d\d/).waitFor();
  assert.equal(await readOnly(colleague), true);
  assert.equal(await colleague.page.getByRole('button', { name: 'Check', exact: true }).isDisabled(), true);
  await colleague.speak('ru');
  await colleague.page.getByText(`Этот черновик сейчас редактирует ${key('declarant').name}`).waitFor();
  await colleague.accessible('draft-locked');

  // What was entered last is saved before the draft is free.
  await declarant.fill(NAME, 'As it is now');
  await declarant.page.getByRole('link', { name: 'Desk', exact: true }).first().click();
  await colleague.holds(NAME, 'As it is now');
  await colleague.page.getByText('This draft is being edited').waitFor({ state: 'detached' });
  assert.equal(await readOnly(colleague), false);
  await colleague.fill(NAME, 'By the colleague');
  await saved(colleague);
  assert.deepEqual(colleague.faults, []);
  await colleague.page.context().close();
  await declarant.leave();
  await end();
  await administrator.leave();
});

test('of two versions the person chooses, having compared them', { timeout: 240_000 }, async () => {
  const one = await Person.signedIn('declarant');
  await one.press('New declaration');
  await one.page.waitForURL(/\/desk\/drafts\//);
  const draft = one.page.url();
  await saved(one);
  const other = await Person.signedIn('declarant');
  await other.page.goto(draft);
  await other.fill(NAME, 'The other screen');
  await saved(other);

  // What was saved meanwhile is not overwritten.
  await one.fill(NAME, 'This screen');
  await one.page.getByText('A colleague has saved a newer version').first().waitFor();
  await one.press('Compare the versions');
  await one.page.getByRole('row', { name: /Name The other screen This screen/ }).waitFor();
  await one.accessible('draft-versions');
  await one.press('Use the saved version');
  await one.holds(NAME, 'The other screen');
  await one.fill(NAME, 'This screen again');
  await saved(one);

  // The same for what the browser kept of an older version while nobody could be reached.
  await one.page.context().setOffline(true);
  await one.fill(NAME, 'Kept without a line');
  await one.page.waitForTimeout(1_000);
  await one.page.close({ runBeforeUnload: false });
  await other.page.reload();
  await other.holds(NAME, 'This screen again');
  await other.fill(NAME, 'Saved meanwhile');
  await saved(other);
  const context = one.page.context();
  one.page = await context.newPage();
  await context.setOffline(false);
  await one.page.goto('/');
  await one.page.locator('[data-login="declarant"]').click();
  await one.page.waitForURL(/\/desk/);
  await one.page.goto(draft);
  await one.page.getByText('A colleague has saved a newer version').first().waitFor();
  await one.holds(NAME, 'Kept without a line');
  await one.press('Keep my version');
  await saved(one);
  await other.page.reload();
  await other.holds(NAME, 'Kept without a line');
  await context.close();
  await other.page.context().close();
});
