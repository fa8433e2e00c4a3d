// One guarantee: its contract, live use by movement, the ledger.
import { useAsk } from '../api/use';
import { useNotified } from '../app/desk';
import type { Session } from '../app/session';
import { day, instant, money, t, word } from '../app/texts';
import { GuaranteeLedger, GuaranteeUses, OneGuarantee } from '../generated/documents';
import { Back, Empty, Facts, Notice, Panel, Refused, State, Table, Title, Waiting } from '../ui/parts';
import { Claims } from './Claims';
import { GuaranteeDecisions } from './GuaranteeDecisions';
import { Headroom } from './Guarantees';
import { GuaranteeUse } from './GuaranteeUse';

export function GuaranteePage({ session, parts }: { session: Session; parts: Record<string, string> }) {
  const reference = parts.reference ?? '';
  const { data, refusal, again } = useAsk(OneGuarantee, { reference });
  const uses = useAsk(GuaranteeUses, { reference, first: 50 });
  const ledger = useAsk(GuaranteeLedger, { reference, first: 50 });
  const reload = () => {
    again();
    uses.again();
    ledger.again();
  };
  useNotified((told) => {
    // A contract that has no number yet may have been given this one.
    const known = data?.guarantee.grn;
    if (!told.grn || !known || told.grn === reference || told.grn === known) reload();
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
          <Claims
            session={session}
            contract={seen}
            uses={uses.data?.guaranteeUses.edges.map(({ node }) => node) ?? []}
            onDone={reload}
          />
          <Panel title={t('guarantee.uses')}>
            <Refused refusal={uses.refusal} />
            {uses.data?.guaranteeUses.edges.length === 0 && <Empty>{t('guarantee.no-uses')}</Empty>}
            {uses.data && uses.data.guaranteeUses.edges.length > 0 && (
              <Table
                caption={t('guarantee.uses')}
                heads={[t('movement.mrn'), t('use.amount'), t('use.state'), t('use.placed'), t('use.ended')]}
              >
                {uses.data.guaranteeUses.edges.map(({ node }) => (
                  <tr key={node.id}>
                    <td>{node.mrn}</td>
                    <td className="num">{money(node.amount)}</td>
                    <td>
                      <State family="use-state" name={node.state} />
                    </td>
                    <td>{instant(node.placedAt)}</td>
                    <td>{instant(node.endedAt)}</td>
                  </tr>
                ))}
              </Table>
            )}
          </Panel>
          <GuaranteeUse contract={seen} />
          <Panel title={t('guarantee.ledger')}>
            <Refused refusal={ledger.refusal} />
            {ledger.data && ledger.data.guaranteeLedger.edges.length > 0 && (
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
                {ledger.data.guaranteeLedger.edges.map(({ node }) => (
                  <tr key={node.number}>
                    <td className="num">{node.number}</td>
                    <td>{instant(node.postedAt)}</td>
                    <td>{word('account', node.debit)}</td>
                    <td>{word('account', node.credit)}</td>
                    <td className="num">{money(node.amount)}</td>
                    <td>{node.mrn}</td>
                    <td>{word('posting', node.reason)}</td>
                  </tr>
                ))}
              </Table>
            )}
          </Panel>
        </div>
        <Panel title={t('guarantee.contract')}>
          <Facts
            rows={[
              [t('guarantee.type'), seen.guaranteeType],
              [t('guarantee.owner'), seen.owner],
              [t('guarantee.guarantor'), seen.guarantor],
              [t('guarantee.office'), seen.officeOfGuarantee],
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
