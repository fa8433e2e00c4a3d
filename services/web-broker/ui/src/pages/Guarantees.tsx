// Guarantees: every contract with its headroom.
import { useAsk } from '../api/use';
import { isGuarantor } from '../app/areas';
import { useNotified } from '../app/desk';
import { go, Link } from '../app/router';
import type { Session } from '../app/session';
import { day, money, t } from '../app/texts';
import { Guarantees } from '../generated/documents';
import { Button, Empty, Panel, Refused, State, Table, Title, Waiting } from '../ui/parts';

export function GuaranteesPage({ session }: { session: Session }) {
  const { data, refusal, again } = useAsk(Guarantees, { first: 100 });
  useNotified((told) => {
    if (told.grn) again();
  });
  const edges = data?.guarantees.edges ?? [];
  return (
    <>
      <Title
        tools={
          isGuarantor(session) && (
            <Button kind="main" onClick={() => go('/desk/guarantees/new')}>
              {t('guarantees.propose')}
            </Button>
          )
        }
      >
        {t('nav.guarantees')}
      </Title>
      <Panel>
        <Refused refusal={refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data && edges.length === 0 && <Empty>{t('guarantees.none')}</Empty>}
        {edges.length > 0 && (
          <Table
            caption={t('nav.guarantees')}
            heads={[
              t('guarantee.grn'),
              t('guarantee.state'),
              t('guarantee.owner'),
              t('guarantee.insured'),
              t('guarantee.available'),
              t('guarantee.headroom'),
              t('guarantee.until'),
            ]}
          >
            {edges.map(({ node }) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/guarantees/${node.grn ?? node.id}`}>
                    {node.grn ?? t('guarantee.no-grn')}
                  </Link>
                </td>
                <td>
                  <State family="guarantee-state" name={node.state} />
                </td>
                <td>{node.owner}</td>
                <td className="num">{money(node.insuredAmount)}</td>
                <td className="num">{money(node.available)}</td>
                <td>
                  <Headroom percent={node.headroomPercent} />
                </td>
                <td>{day(node.validUntil)}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

/** How much of a guarantee is used. */
export function Headroom({ percent }: { percent: number }) {
  const used = Math.min(Math.max(100 - percent, 0), 100);
  const tone = used >= 95 ? 'var(--bad)' : used >= 80 ? '#c77f00' : 'var(--good)';
  return (
    <>
      <svg className="meter" viewBox="0 0 100 8" preserveAspectRatio="none" width="120" aria-hidden="true">
        <rect width={used} height="8" fill={tone} />
      </svg>
      <span className="small">{t('guarantee.used', { percent: used })}</span>
    </>
  );
}
