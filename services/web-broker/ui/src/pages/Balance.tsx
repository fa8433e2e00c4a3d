// The balance of a guarantee for who knows its access code, and the answer of customs to a query message (IE034).
import { type FormEvent, useId, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { has } from '../app/areas';
import { saveAs } from '../app/save';
import type { Session } from '../app/session';
import { money, t, word } from '../app/texts';
import { GuaranteeBalance, GuaranteeQuery } from '../generated/documents';
import { Button, described, faultAt, Labelled, Notice, Panel, Refused, TextField } from '../ui/parts';

const MAY_ASK = ['declarant', 'broker', 'officer-of-departure'];

export function Balance({ session }: { session: Session }) {
  if (!MAY_ASK.some((role) => has(session, role))) return null;
  return (
    <Panel title={t('balance.title')}>
      <p>{t('balance.words')}</p>
      <ByCode />
      <ByMessage />
    </Panel>
  );
}

function ByCode() {
  const [grn, setGrn] = useState('');
  const [accessCode, setCode] = useState('');
  const [told, setTold] = useState('');
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTold('');
    action.run(async () => {
      const question = { grn: grn.trim().toUpperCase(), accessCode: accessCode.trim() };
      const { guaranteeBalance } = await ask(GuaranteeBalance, question);
      const { balance: amount, currency } = guaranteeBalance;
      setTold(`${guaranteeBalance.grn}: ${money({ amount, currency })}`);
    });
  };
  return (
    <form className="plain" onSubmit={send} noValidate>
      <Refused refusal={action.refusal} />
      {told && <Notice tone="good" title={told} />}
      <div className="fields">
        <TextField
          label={t('guarantee.grn')}
          value={grn}
          onChange={setGrn}
          error={faultAt(action.refusal, '/grn')}
          maxLength={24}
        />
        <TextField
          label={t('balance.code')}
          value={accessCode}
          onChange={setCode}
          error={faultAt(action.refusal, '/accessCode')}
          maxLength={4}
        />
      </div>
      <div>
        <Button type="submit" busy={action.busy} disabled={!grn.trim() || !accessCode.trim()}>
          {t('balance.ask')}
        </Button>
      </div>
    </form>
  );
}

function ByMessage() {
  const id = useId();
  const [told, setTold] = useState('');
  const action = useAction();
  const send = (chosen: File | undefined) =>
    chosen &&
    action.run(async () => {
      setTold('');
      const content = await chosen.text();
      const format = content.trimStart().startsWith('<') ? 'XML' : 'JSON';
      const { guaranteeQuery } = await ask(GuaranteeQuery, { input: { content, format } });
      const type = guaranteeQuery.messageType;
      saveAs(guaranteeQuery.body, `${type}.xml`, 'application/xml');
      setTold(t('balance.answered', { type: `${word('message', type)} (${type})` }));
    });
  return (
    <div>
      <Refused refusal={action.refusal} />
      {told && <Notice tone="good" title={told} />}
      <Labelled id={id} label={t('balance.file')} hint={t('balance.file.hint')}>
        <input
          id={id}
          type="file"
          accept=".json,.xml,application/json,application/xml"
          aria-describedby={described(id, true, false)}
          onChange={(event) => send(event.target.files?.[0])}
        />
      </Labelled>
    </div>
  );
}
