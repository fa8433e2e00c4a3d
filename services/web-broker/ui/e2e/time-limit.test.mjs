// Goods that do not arrive: enquiry, answer, recovery, claim. The clock of the sandbox is moved for that, so this is played last.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, Person, quit, released, sandbox, send } from './browser.mjs';

before(launch);
after(quit);

const DAYS = 9;

/** Moves the clock of the suite, as an administrator may. */
async function wait(days) {
  const administrator = await Person.signedIn('administrator');
  const status = await administrator.page.evaluate(async (seconds) => {
    const { accessToken } = JSON.parse(sessionStorage.getItem('ecustoms.session'));
    const headers = {
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    };
    const answer = await fetch('/admin/clock', {
      method: 'POST',
      headers,
      body: JSON.stringify({ seconds }),
    });
    return answer.status;
  }, days * 86_400);
  assert.equal(status, 200);
  await administrator.page.context().close();
}

test('goods that do not arrive are asked for, and the guarantor is called', {
  timeout: 600_000,
}, async () => {
  const { grn } = sandbox.guarantee;
  const before = await released();
  const { mrn } = before;
  await before.declarant.leave();
  await wait(DAYS);

  const declarant = await Person.signedIn('declarant');
  const open = async (person) => {
    await person.page.getByRole('link', { name: 'Movements', exact: true }).first().click();
    await person.page.getByRole('link', { name: mrn }).click();
  };
  await open(declarant);
  await declarant.state('Overdue');
  const officer = await Person.signedIn('officer-departure');
  await open(officer);
  await officer.press('Open an enquiry');
  await officer.page.getByLabel('Reason').fill('nobody on the way has seen the goods');
  await officer.accessible('enquiry-opening');
  await officer.press('Confirm');

  // The holder is asked, and answers by a signed message.
  await declarant.state('Under enquiry');
  await declarant.page.locator('[data-message="CC140C"]').waitFor();
  await declarant.accessible('movement-under-enquiry');
  await answer(declarant);
  await declarant.state('Enquiry answered');
  await officer.state('Enquiry answered');
  await officer.accessible('case-answered');
  await officer.press('Reject the answer');
  await officer.page.getByLabel('Reason').fill('the paper is of other goods');
  await officer.press('Confirm');
  await declarant.state('Under enquiry');

  await officer.press('Recover the debt');
  await officer.page.getByLabel('Reason').fill('the goods were not found');
  await officer.accessible('recovery');
  await officer.press('Confirm');
  await declarant.state('Debt is being recovered');
  await declarant.page.locator('[data-act="recovery"]').waitFor();
  await declarant.accessible('movement-under-recovery');

  const guarantor = await Person.signedIn('insurer');
  await guarantor.page.goto(`/desk/guarantees/${grn}`);
  await guarantor.page.locator('[data-total]').waitFor();
  await officer.decide('Call the guarantor');
  await declarant.state('Guarantor called');
  await guarantor.page.locator(`[data-claim="${mrn}"]`).waitFor();
  await guarantor.accessible('guarantor-claims');

  const cashier = await Person.signedIn('officer-departure');
  await cashier.page.goto(`/desk/guarantees/${grn}`);
  await cashier.page.locator(`[data-claim="${mrn}"]`).getByRole('button').click();
  await cashier.accessible('claim-payment');
  await cashier.press('Confirm');
  await cashier.page.getByRole('cell', { name: 'paid', exact: true }).first().waitFor();
  await officer.press('Record the payment');
  await officer.page.getByLabel('Reference of the payment').fill('PAY-7781');
  await officer.press('Confirm');
  await declarant.state('Written off');
  for (const person of [declarant, officer, guarantor, cashier]) await person.leave();
});

/** Answers the enquiry from the page of the movement. */
async function answer(declarant) {
  await declarant.press('Answer the enquiry');
  await declarant.page.waitForURL(/\/desk\/drafts\//);
  // Where the goods are is asked once an answer is given (C0215).
  await declarant.fill('Enquiry.text', 'The goods were delivered on time');
  await declarant.fill('CustomsOfficeOfDestinationActual.referenceNumber', 'UZTAS001');
  await declarant.accessible('enquiry-answer');
  await send(declarant);
}
