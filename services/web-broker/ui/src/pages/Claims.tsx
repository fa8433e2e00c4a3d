// Claims on a guarantor: what was called for which movement, and the payments that customs records.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import type { Pages } from '../api/pages';
import { useAction } from '../api/use';
import { has } from '../app/areas';
import type { Session } from '../app/session';
import { instant, money, t } from '../app/texts';
import { type ContractParts, RecordGuaranteePayment } from '../generated/documents';
import { Button, Dialog, Facts, More, Panel, Refused, Table, TextField } from '../ui/parts';
import type { Use } from './GuaranteeLists';

type Props = { session: Session; contract: ContractParts; uses: Pages<Use>; onDone: () => void };

/** The claims on a guarantee; nothing where nothing was ever called. */
export function Claims({ session, contract, uses, onDone }: Props) {
  const [paid, setPaid] = useState<Use | null>(null);
  const called = (uses.nodes ?? []).filter(({ state }) => state === 'called');
  // Claims are among the uses; older ones come with the next parts of that list.
  const owed = Number(contract.called.amount) + Number(contract.paid.amount) > 0;
  if (called.length === 0 && !owed) return null;
  const records = has(session, 'officer-of-departure') && Number(contract.called.amount) > 0;
  return (
    <Panel title={t('claims.title')}>
      <Facts
        rows={[
          [t('guarantee.called'), money(contract.called)],
          [t('guarantee.paid'), money(contract.paid)],
        ]}
      />
      {called.length > 0 && (
        <Table
          caption={t('claims.title')}
          heads={[t('movement.mrn'), t('claims.amount'), t('claims.at'), ...(records ? [''] : [])]}
        >
          {called.map((use) => (
            <tr key={use.id} data-claim={use.mrn}>
              <td>{use.mrn}</td>
              <td className="num">{money(use.amount)}</td>
              <td>{instant(use.endedAt)}</td>
              {records && (
                <td>
                  <Button
                    kind="quiet"
                    aria-label={`${t('claims.record')}: ${use.mrn}`}
                    onClick={() => setPaid(use)}
                  >
                    {t('claims.record')}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      <More page={uses.page} onMore={uses.more} />
      {paid && (
        <Payment
          contract={contract}
          use={paid}
          onClose={() => setPaid(null)}
          onDone={() => {
            setPaid(null);
            onDone();
          }}
        />
      )}
    </Panel>
  );
}

function Payment({
  contract,
  use,
  onClose,
  onDone,
}: {
  contract: ContractParts;
  use: Use;
  onClose: () => void;
  onDone: () => void;
}) {
  const [amount, setAmount] = useState(use.amount?.amount ?? '');
  const [fault, setFault] = useState('');
  const action = useAction();
  const currency = contract.insuredAmount?.currency ?? use.amount?.currency ?? '';
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\d+([.,]\d{1,2})?$/.test(amount.trim())) {
      setFault(t('claims.amount.wrong'));
      return;
    }
    action.run(async () => {
      const paid = { amount: amount.trim().replace(',', '.'), currency };
      await ask(RecordGuaranteePayment, { input: { reference: contract.id, mrn: use.mrn, amount: paid } });
      onDone();
    });
  };
  return (
    <Dialog title={`${t('claims.record')}: ${use.mrn}`} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <TextField
          label={`${t('use.amount')}, ${currency}`}
          value={amount}
          onChange={setAmount}
          error={fault}
          inputMode="decimal"
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('officer.confirm')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
