// Whether a guarantee adds up: its accounts by the postings of the ledger beside the running balance.
import { useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { has } from '../app/areas';
import type { Session } from '../app/session';
import { count, money, t, word } from '../app/texts';
import {
  type ContractParts,
  ReconcileGuarantee,
  type ReconcileGuaranteeAnswer,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import { Button, Dialog, Notice, Refused, Table } from '../ui/parts';

type Props = { session: Session; contract: ContractParts; onDone: () => void };
type Found = ReconcileGuaranteeAnswer['reconcileGuarantee']['reconciliation'];

/** The button for the officer of departure; a guarantee that does not add up is suspended, so it is asked for twice. */
export function Reconciliation({ session, contract, onDone }: Props) {
  const [found, setFound] = useState<Found | null>(null);
  const action = useAction();
  if (!has(session, 'officer-of-departure') || !contract.grn) return null;
  const reconcile = () =>
    action.run(async () => {
      if (!(await sure(t('guarantee.reconcile'), 'guarantee.reconcile.sure'))) return;
      const { reconcileGuarantee } = await ask(ReconcileGuarantee, { input: { reference: contract.id } });
      setFound(reconcileGuarantee.reconciliation);
      onDone();
    });
  return (
    <>
      <Refused refusal={action.refusal} />
      <Button onClick={reconcile} busy={action.busy}>
        {t('guarantee.reconcile')}
      </Button>
      {found && <Result found={found} onClose={() => setFound(null)} />}
    </>
  );
}

function Result({ found, onClose }: { found: Found; onClose: () => void }) {
  return (
    <Dialog title={t('guarantee.reconcile')} onClose={onClose}>
      <Notice
        tone={found.balanced ? 'good' : 'bad'}
        title={t(found.balanced ? 'guarantee.balanced' : 'guarantee.unbalanced', {
          postings: count(found.postings),
        })}
      />
      <Table
        caption={t('guarantee.reconcile')}
        heads={[t('guarantee.account'), t('guarantee.posted'), t('guarantee.running')]}
      >
        {found.accounts.map((one) => (
          <tr key={one.account}>
            <th scope="row">{word('account', one.account)}</th>
            <td className="num">{money(one.posted)}</td>
            <td className="num">{money(one.running)}</td>
          </tr>
        ))}
      </Table>
      <div className="tools">
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </Dialog>
  );
}
