// What may be decided about a guarantee, and what its guarantor may propose.
import { type FormEvent, type ReactNode, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { has, isGuarantor } from '../app/areas';
import { go } from '../app/router';
import type { Session } from '../app/session';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { dayIn, today } from '../app/zone';
import {
  ApproveGuarantee,
  CancelGuarantee,
  type ContractParts,
  ProposeGuarantee,
  RejectGuarantee,
  ResumeGuarantee,
  ReviewGuarantee,
  SuspendGuarantee,
} from '../generated/documents';
import { Back, Button, Dialog, Notice, Panel, Refused, SelectField, TextField, Title } from '../ui/parts';
import { GuaranteeTerms } from './GuaranteeTerms';

/** What an officer, an administrator or the guarantor may decide. */
export function GuaranteeDecisions({
  session,
  contract,
  onDone,
}: {
  session: Session;
  contract: ContractParts;
  onDone: () => void;
}) {
  const action = useAction();
  const [asked, setAsked] = useState<'reject' | 'suspend' | 'cancel' | null>(null);
  const [code, setCode] = useState('');
  const approves = has(session, 'officer-of-departure') || has(session, 'administrator');
  const cancels =
    (isGuarantor(session) || has(session, 'officer-of-departure')) &&
    ['active', 'suspended', 'exhausted'].includes(contract.state);
  const seen = { reference: contract.id, version: contract.version };
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      setAsked(null);
      onDone();
    });
  const review = approves && contract.state === 'proposed';
  const decide = approves && contract.state === 'under-approval';
  const suspend = approves && (contract.state === 'active' || contract.state === 'exhausted');
  const resume = approves && contract.state === 'suspended';
  if (!approves && !cancels && !code) return null;
  return (
    <>
      {code && <Notice tone="good" title={t('guarantee.access-code', { code })} />}
      {!asked && <Refused refusal={action.refusal} />}
      <div className="tools">
        {review && (
          <Button
            kind="main"
            busy={action.busy}
            onClick={() => run(() => ask(ReviewGuarantee, { input: seen }))}
          >
            {t('guarantee.review')}
          </Button>
        )}
        {decide && (
          <>
            <Button
              kind="main"
              busy={action.busy}
              onClick={() =>
                run(async () => {
                  const { approveGuarantee } = await ask(ApproveGuarantee, { input: seen });
                  setCode(approveGuarantee.issued.accessCode ?? '');
                })
              }
            >
              {t('guarantee.approve')}
            </Button>
            <Button kind="danger" onClick={() => setAsked('reject')}>
              {t('guarantee.reject')}
            </Button>
          </>
        )}
        {suspend && <Button onClick={() => setAsked('suspend')}>{t('guarantee.suspend')}</Button>}
        {resume && (
          <Button
            kind="main"
            busy={action.busy}
            onClick={() => run(() => ask(ResumeGuarantee, { input: seen }))}
          >
            {t('guarantee.resume')}
          </Button>
        )}
        {approves && <GuaranteeTerms contract={contract} onDone={onDone} onCode={setCode} />}
        {cancels && (
          <Button kind="danger" onClick={() => setAsked('cancel')}>
            {t('guarantee.cancel')}
          </Button>
        )}
      </div>
      {asked && (
        <WithReason
          place={`guarantee.${asked}.${contract.id}`}
          title={word('guarantee', asked)}
          withDay={asked === 'cancel'}
          busy={action.busy}
          onClose={() => setAsked(null)}
          onDecide={(reason, on) =>
            run(() => {
              if (asked === 'reject') return ask(RejectGuarantee, { input: { ...seen, reason } });
              if (asked === 'suspend') return ask(SuspendGuarantee, { input: { ...seen, reason } });
              return ask(CancelGuarantee, { input: { ...seen, reason, effectiveOn: on } });
            })
          }
        >
          <Refused refusal={action.refusal} />
        </WithReason>
      )}
    </>
  );
}

function WithReason({
  place,
  title,
  withDay,
  busy,
  onClose,
  onDecide,
  children,
}: {
  /** Where what was entered is kept until it is decided. */
  place: string;
  title: string;
  withDay: boolean;
  busy: boolean;
  onClose: () => void;
  onDecide: (reason: string, on: string) => Promise<boolean>;
  children: ReactNode;
}) {
  const kept = useKept(place, () => ({ reason: '', on: dayIn(Date.now() + 86_400_000) }));
  const { reason, on } = kept.value;
  const change = (more: Partial<typeof kept.value>) => kept.set((before) => ({ ...before, ...more }));
  const [fault, setFault] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!reason.trim()) setFault(t('officer.reason.missing'));
    else if (await onDecide(reason.trim(), on)) kept.clear();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        {children}
        {withDay && (
          <TextField
            type="date"
            label={t('guarantee.effective')}
            value={on}
            onChange={(typed) => change({ on: typed })}
          />
        )}
        <TextField
          label={t('officer.reason')}
          value={reason}
          onChange={(typed) => change({ reason: typed })}
          error={fault}
          maxLength={500}
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={busy}>
            {t('officer.confirm')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const KINDS = ['bank', 'insurer', 'broker', 'chamber', 'association'] as const;

/** A proposal for a year from today, in which everything else is open. */
function proposal() {
  const on = today();
  return {
    owner: '',
    guaranteeType: '1',
    guarantorKind: 'insurer',
    officeOfGuarantee: '',
    amount: '',
    currency: 'EUR',
    validFrom: on,
    validUntil: `${Number(on.slice(0, 4)) + 1}${on.slice(4)}`,
    liabilities: '',
    paymentTerms: '',
  };
}

export function ProposePage() {
  const kept = useKept('guarantee.new', proposal);
  const filled = kept.value;
  const action = useAction();
  const set = (name: keyof typeof filled) => (value: string) =>
    kept.set((before) => ({ ...before, [name]: value }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const { amount, currency, ...rest } = filled;
      const input = { ...rest, insuredAmount: { amount: amount.replace(',', '.'), currency } };
      const { proposeGuarantee } = await ask(ProposeGuarantee, { input });
      kept.clear();
      go(`/desk/guarantees/${proposeGuarantee.guarantee.id}`);
    });
  };
  return (
    <>
      <Back href="/desk/guarantees" to="nav.guarantees" />
      <Title>{t('guarantees.propose')}</Title>
      <Panel>
        <form className="plain" onSubmit={send} noValidate>
          <Refused refusal={action.refusal} />
          <div className="fields">
            <TextField
              label={t('guarantee.owner')}
              hint={t('guarantee.owner.hint')}
              value={filled.owner}
              onChange={set('owner')}
            />
            <SelectField
              label={t('guarantee.type')}
              hint={t('guarantee.type.hint')}
              value={filled.guaranteeType}
              onChange={set('guaranteeType')}
              options={['0', '1', '2', '4', '9'].map((one) => [one, one])}
            />
            <SelectField
              label={t('guarantee.kind')}
              hint={t('guarantee.kind.hint')}
              value={filled.guarantorKind}
              onChange={set('guarantorKind')}
              options={KINDS.map((one) => [one, word('guarantor-kind', one)])}
            />
            <TextField
              label={t('guarantee.office')}
              hint={t('guarantee.office.hint')}
              value={filled.officeOfGuarantee}
              onChange={set('officeOfGuarantee')}
              maxLength={8}
            />
            <TextField
              label={t('guarantee.insured')}
              hint={t('guarantee.insured.hint')}
              value={filled.amount}
              onChange={set('amount')}
              inputMode="decimal"
            />
            <TextField
              label={t('guarantee.currency')}
              hint={t('guarantee.currency.hint')}
              value={filled.currency}
              onChange={set('currency')}
              maxLength={3}
            />
            <TextField
              label={t('guarantee.from')}
              type="date"
              value={filled.validFrom}
              onChange={set('validFrom')}
            />
            <TextField
              label={t('guarantee.until')}
              type="date"
              value={filled.validUntil}
              onChange={set('validUntil')}
            />
            <TextField
              label={t('guarantee.liabilities')}
              value={filled.liabilities}
              onChange={set('liabilities')}
              wide
            />
            <TextField
              label={t('guarantee.terms')}
              value={filled.paymentTerms}
              onChange={set('paymentTerms')}
              wide
            />
          </div>
          <div>
            <Button type="submit" kind="main" busy={action.busy}>
              {t('guarantees.propose.do')}
            </Button>
          </div>
        </form>
      </Panel>
    </>
  );
}
