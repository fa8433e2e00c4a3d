// What a guarantee is used for, movement by movement, and the postings of its ledger.
import { type FormEvent, type ReactNode, useState } from 'react';
import { ask } from '../api/graphql';
import type { Pages } from '../api/pages';
import { useAction } from '../api/use';
import { has } from '../app/areas';
import type { Session } from '../app/session';
import { instant, money, t, word } from '../app/texts';
import {
  type ContractParts,
  type GuaranteeLedgerAnswer,
  type GuaranteeUsesAnswer,
  ReduceHold,
} from '../generated/documents';
import { Button, Dialog, Empty, faultAt, More, Panel, Refused, State, Table, TextField } from '../ui/parts';

export type Use = GuaranteeUsesAnswer['guaranteeUses']['edges'][number]['node'];
type Posting = GuaranteeLedgerAnswer['guaranteeLedger']['edges'][number]['node'];

/** Uses of which a part can still be freed. */
const OPEN = ['placed', 'reduced'];

export function Uses({
  session,
  contract,
  uses,
  onDone,
}: {
  session: Session;
  contract: ContractParts;
  uses: Pages<Use>;
  onDone: () => void;
}) {
  const [reduced, setReduced] = useState<Use | null>(null);
  const reduces = has(session, 'officer-of-departure');
  const { nodes } = uses;
  return (
    <Panel title={t('guarantee.uses')}>
      <Refused refusal={uses.refusal} again={uses.again} />
      {nodes?.length === 0 && <Empty>{t('guarantee.no-uses')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('guarantee.uses')}
          heads={[
            t('movement.mrn'),
            t('use.amount'),
            t('use.state'),
            t('use.placed'),
            t('use.ended'),
            ...(reduces ? [''] : []),
          ]}
        >
          {nodes.map((use) => (
            <tr key={use.id}>
              <td>{use.mrn}</td>
              <td className="num">{money(use.amount)}</td>
              <td>
                <State family="use-state" name={use.state} />
              </td>
              <td>{instant(use.placedAt)}</td>
              <td>{instant(use.endedAt)}</td>
              {reduces && (
                <td>
                  {OPEN.includes(use.state) && use.amount && (
                    <Button
                      kind="quiet"
                      aria-label={`${t('use.reduce')}: ${use.mrn}`}
                      onClick={() => setReduced(use)}
                    >
                      {t('use.reduce')}
                    </Button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      <More page={uses.page} onMore={uses.more} />
      {reduced && (
        <Reduction
          contract={contract}
          use={reduced}
          onClose={() => setReduced(null)}
          onDone={() => {
            setReduced(null);
            onDone();
          }}
        />
      )}
    </Panel>
  );
}

/** Less is held for a movement from now on; the difference is free at once. */
function Reduction({
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
  const [amount, setAmount] = useState('');
  const [fault, setFault] = useState('');
  const action = useAction();
  const currency = use.amount?.currency ?? '';
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!/^\d+([.,]\d{1,2})?$/.test(amount.trim())) {
      setFault(t('claims.amount.wrong'));
      return;
    }
    setFault('');
    action.run(async () => {
      const still = { amount: amount.trim().replace(',', '.'), currency };
      await ask(ReduceHold, { input: { reference: contract.id, mrn: use.mrn, amount: still } });
      onDone();
    });
  };
  return (
    <Dialog title={`${t('use.reduce')}: ${use.mrn}`} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <p>{t('use.reduce.words', { amount: money(use.amount) })}</p>
        <Refused refusal={action.refusal} />
        <TextField
          label={`${t('use.reduce.to')}, ${currency}`}
          value={amount}
          onChange={setAmount}
          error={fault || faultAt(action.refusal, '/amount')}
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

export function Ledger({ ledger, tools }: { ledger: Pages<Posting>; tools: ReactNode }) {
  const { nodes } = ledger;
  return (
    <Panel title={t('guarantee.ledger')} tools={tools}>
      <Refused refusal={ledger.refusal} again={ledger.again} />
      {nodes?.length === 0 && <Empty>{t('ledger.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('guarantee.ledger')}
          heads={[
            t('ledger.number'),
            t('ledger.at'),
            t('ledger.debit'),
            t('ledger.credit'),
            t('use.amount'),
            t('movement.mrn'),
            t('ledger.reason'),
          ]}
        >
          {nodes.map((posting) => (
            <tr key={posting.number}>
              <td className="num">{posting.number}</td>
              <td>{instant(posting.postedAt)}</td>
              <td>{word('account', posting.debit)}</td>
              <td>{word('account', posting.credit)}</td>
              <td className="num">{money(posting.amount)}</td>
              <td>{posting.mrn}</td>
              <td>{word('posting', posting.reason)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More page={ledger.page} onMore={ledger.more} />
    </Panel>
  );
}
