// What customs may change of a guarantee that is in force: the share of it that is insured, the insured amount, the access code.

import { type FormEvent, type ReactNode, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { t } from '../app/texts';
import { today } from '../app/zone';
import {
  AmendGuarantee,
  type ContractParts,
  GrantGuaranteeLevel,
  ReplaceAccessCode,
} from '../generated/documents';
import { Button, Dialog, faultAt, Notice, Refused, SelectField, TextField } from '../ui/parts';

const CHANGEABLE = ['active', 'suspended', 'exhausted', 'cancelled'];
/** Only a comprehensive guarantee is insured for less than its reference amount. */
const REDUCIBLE = '1';
const LEVELS = ['100', '50', '30'] as const;
const WITH_CODE = ['0', '1', '2', '4', '9'];

type Props = { contract: ContractParts; onDone: () => void; onCode: (code: string) => void };

/** The changes that the state and the type of the contract permit, as buttons; nothing where there are none. */
export function GuaranteeTerms({ contract, onDone, onCode }: Props) {
  const [asked, setAsked] = useState<'level' | 'amount' | 'code' | null>(null);
  if (!CHANGEABLE.includes(contract.state)) return null;
  const close = () => setAsked(null);
  const done = () => {
    close();
    onDone();
  };
  return (
    <>
      {contract.guaranteeType === REDUCIBLE && (
        <Button onClick={() => setAsked('level')}>{t('guarantee.grant')}</Button>
      )}
      <Button onClick={() => setAsked('amount')}>{t('guarantee.amend')}</Button>
      {WITH_CODE.includes(contract.guaranteeType) && (
        <Button onClick={() => setAsked('code')}>{t('guarantee.new-code')}</Button>
      )}
      {asked === 'level' && <Level contract={contract} onClose={close} onDone={done} />}
      {asked === 'amount' && <Amount contract={contract} onClose={close} onDone={done} />}
      {asked === 'code' && (
        <Code
          contract={contract}
          onClose={close}
          onDone={(code) => {
            onCode(code);
            done();
          }}
        />
      )}
    </>
  );
}

/** A dialog whose form does one thing. */
function Asking({
  title,
  busy,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  busy: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        {children}
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

type AskingProps = { contract: ContractParts; onClose: () => void; onDone: () => void };

/** An authorisation to insure another share of the reference amount, from a day on. */
function Level({ contract, onClose, onDone }: AskingProps) {
  const [level, setLevel] = useState<string>(
    LEVELS.find((one) => one !== String(contract.levelPercent)) ?? '50',
  );
  const [authorisation, setAuthorisation] = useState('');
  const [reason, setReason] = useState('');
  const [on, setOn] = useState(today());
  const [tried, setTried] = useState(false);
  const action = useAction();
  const lacks = (value: string) => (tried && !value.trim() ? t('answer.missing') : undefined);
  const send = () => {
    setTried(true);
    if (!authorisation.trim() || !reason.trim() || !on) return;
    action.run(async () => {
      const input = {
        reference: contract.id,
        version: contract.version,
        levelPercent: Number(level),
        authorisation: authorisation.trim(),
        reason: reason.trim(),
        effectiveOn: on,
      };
      await ask(GrantGuaranteeLevel, { input });
      onDone();
    });
  };
  return (
    <Asking title={t('guarantee.grant')} busy={action.busy} onClose={onClose} onSubmit={send}>
      <p>{t('guarantee.grant.words')}</p>
      <Refused refusal={action.refusal} />
      <SelectField
        label={t('guarantee.share')}
        value={level}
        onChange={setLevel}
        options={LEVELS.map((one) => [one, `${one} %`])}
      />
      <TextField
        label={t('guarantee.authorisation')}
        value={authorisation}
        onChange={setAuthorisation}
        error={lacks(authorisation) ?? faultAt(action.refusal, '/authorisation')}
        maxLength={35}
      />
      <TextField
        label={t('guarantee.first-day')}
        type="date"
        value={on}
        onChange={setOn}
        error={lacks(on) ?? faultAt(action.refusal, '/effectiveOn')}
      />
      <TextField
        label={t('officer.reason')}
        value={reason}
        onChange={setReason}
        error={lacks(reason) ?? faultAt(action.refusal, '/reason')}
        maxLength={500}
      />
    </Asking>
  );
}

/** Another insured amount, at once. */
function Amount({ contract, onClose, onDone }: AskingProps) {
  const currency = contract.insuredAmount?.currency ?? '';
  const [amount, setAmount] = useState(contract.insuredAmount?.amount ?? '');
  const [fault, setFault] = useState('');
  const action = useAction();
  const send = () => {
    if (!/^\d+([.,]\d{1,2})?$/.test(amount.trim())) {
      setFault(t('claims.amount.wrong'));
      return;
    }
    setFault('');
    action.run(async () => {
      const insuredAmount = { amount: amount.trim().replace(',', '.'), currency };
      const input = { reference: contract.id, version: contract.version, insuredAmount };
      await ask(AmendGuarantee, { input });
      onDone();
    });
  };
  return (
    <Asking title={t('guarantee.amend')} busy={action.busy} onClose={onClose} onSubmit={send}>
      <Refused refusal={action.refusal} />
      <TextField
        label={`${t('guarantee.insured')}, ${currency}`}
        hint={t('guarantee.amend.hint')}
        value={amount}
        onChange={setAmount}
        error={fault}
        inputMode="decimal"
      />
    </Asking>
  );
}

/** A new access code in the place of one that was lost. */
function Code({
  contract,
  onClose,
  onDone,
}: Omit<AskingProps, 'onDone'> & { onDone: (code: string) => void }) {
  const action = useAction();
  const send = () => {
    action.run(async () => {
      const { replaceAccessCode } = await ask(ReplaceAccessCode, { input: { reference: contract.id } });
      onDone(replaceAccessCode.issued.accessCode ?? '');
    });
  };
  return (
    <Asking title={t('guarantee.new-code')} busy={action.busy} onClose={onClose} onSubmit={send}>
      <Notice tone="warn" title={t('guarantee.new-code.words')} />
      <Refused refusal={action.refusal} />
    </Asking>
  );
}
