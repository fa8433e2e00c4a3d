// One guarantee: its contract, live use by movement, the ledger.
import { partOf, usePages } from '../api/pages';
import { useAsk } from '../api/use';
import { useSoon } from '../app/calm';
import { useNotified } from '../app/desk';
import type { Session } from '../app/session';
import { day, instant, money, t } from '../app/texts';
import { GuaranteeLedger, GuaranteeUses, OneGuarantee } from '../generated/documents';
import { Named } from '../ui/Names';
import { Back, Facts, Notice, Panel, Refused, State, Title, Waiting } from '../ui/parts';
import { Claims } from './Claims';
import { GuaranteeDecisions } from './GuaranteeDecisions';
import { Ledger, Uses } from './GuaranteeLists';
import { Headroom } from './Guarantees';
import { GuaranteeUse } from './GuaranteeUse';
import { Reconciliation } from './Reconciliation';

export function GuaranteePage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const reference = parts.reference ?? '';
  const { data, refusal, again } = useAsk(OneGuarantee, { reference });
  const uses = usePages(GuaranteeUses, { reference, first: 50 }, ({ guaranteeUses }) =>
    partOf(guaranteeUses),
  );
  const ledger = usePages(GuaranteeLedger, { reference, first: 50 }, ({ guaranteeLedger }) =>
    partOf(guaranteeLedger),
  );
  const reload = () => {
    again();
    uses.again();
    ledger.again();
  };
  const soon = useSoon(reload);
  useNotified((told) => {
    // A contract that has no number yet may have been given this one.
    const known = data?.guarantee.grn;
    if (!told.grn || !known || told.grn === reference || told.grn === known) soon();
  });
  if (!data) {
    return (
      <>
        <Back href="/desk/guarantees" to="nav.guarantees" />
        <Title>{t('guarantee.title')}</Title>
        {refusal ? <Refused refusal={refusal} again={again} /> : <Waiting />}
      </>
    );
  }
  const seen = data.guarantee;
  return (
    <>
      <Back href="/desk/guarantees" to="nav.guarantees" />
      <Title tools={<State family="guarantee-state" name={seen.state} />}>
        {seen.grn ?? t('guarantee.no-grn')}
      </Title>
      {seen.alert !== 'none' && (
        <Notice tone="warn" title={t('guarantee.alert', { percent: seen.alert.replace('over-', '') })} />
      )}
      <GuaranteeDecisions session={session} contract={seen} onDone={reload} />
      <div className="tiles">
        <div className="tile">
          <div className="small">{t('guarantee.insured')}</div>
          <div className="figure">{money(seen.insuredAmount)}</div>
          <div className="small">
            {t('guarantee.level', { percent: seen.levelPercent, amount: money(seen.referenceAmount) })}
          </div>
        </div>
        <div className="tile">
          <div className="small">{t('guarantee.total')}</div>
          <div className="figure" data-total>
            {money(seen.runningTotal)}
          </div>
          <div className="small">{t('guarantee.open-uses', { count: seen.openUses })}</div>
        </div>
        <div className="tile">
          <div className="small">{t('guarantee.available')}</div>
          <div className="figure">{money(seen.available)}</div>
          <Headroom percent={seen.headroomPercent} />
        </div>
      </div>
      <div className="columns wide-left">
        <div className="stack">
          <Claims session={session} contract={seen} uses={uses} onDone={reload} />
          <Uses session={session} contract={seen} uses={uses} onDone={reload} />
          <GuaranteeUse contract={seen} />
          <Ledger
            ledger={ledger}
            tools={<Reconciliation session={session} contract={seen} onDone={reload} />}
          />
        </div>
        <Panel title={t('guarantee.contract')}>
          <Facts
            rows={[
              [t('guarantee.type'), <Named key="type" family="GuaranteeType" code={seen.guaranteeType} />],
              [t('guarantee.owner'), <Named key="owner" family="party" code={seen.owner} />],
              [t('guarantee.guarantor'), <Named key="guarantor" family="party" code={seen.guarantor} />],
              [t('guarantee.office'), <Named key="office" code={seen.officeOfGuarantee} />],
              [t('guarantee.from'), day(seen.validFrom)],
              [t('guarantee.until'), day(seen.validUntil)],
              [t('guarantee.proposed'), instant(seen.proposedAt)],
              [t('guarantee.decided'), instant(seen.decidedAt)],
              seen.cancelledOn ? [t('guarantee.effective'), day(seen.cancelledOn)] : null,
              [t('guarantee.called'), money(seen.called)],
              [t('guarantee.paid'), money(seen.paid)],
              [t('guarantee.liabilities'), seen.liabilities],
              [t('guarantee.terms'), seen.paymentTerms],
              seen.notValidIn.length > 0 && [t('guarantee.not-valid-in'), seen.notValidIn.join(', ')],
              seen.reason ? [t('guarantee.reason'), seen.reason] : null,
              ...seen.levels.map((level): [string, string] => [
                t('guarantee.level-from', { day: day(level.effectiveOn) }),
                `${level.levelPercent} %, ${level.authorisation}: ${level.reason}`,
              ]),
            ]}
          />
        </Panel>
      </div>
    </>
  );
}
