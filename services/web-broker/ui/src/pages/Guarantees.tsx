// Guarantees: every contract with its headroom.
import { useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { mayPropose } from '../app/areas';
import { useSoon } from '../app/calm';
import { useNotified } from '../app/desk';
import { go, Link } from '../app/router';
import type { Session } from '../app/session';
import { day, money, t, word } from '../app/texts';
import { Guarantees } from '../generated/documents';
import { Named } from '../ui/Names';
import { Button, Empty, More, Panel, Refused, SelectField, State, Table, Title, Waiting } from '../ui/parts';
import { Balance } from './Balance';

const STATES = [
  '',
  'proposed',
  'under-approval',
  'active',
  'exhausted',
  'suspended',
  'cancelled',
  'run-off',
  'closed',
  'rejected',
];

export function GuaranteesPage({ session }: { session: Session }) {
  const [state, setState] = useState('');
  const list = usePages(Guarantees, { first: 50, state: state || null }, ({ guarantees }) =>
    partOf(guarantees),
  );
  const { nodes, refusal, again } = list;
  const soon = useSoon(again);
  useNotified((told) => {
    if (told.grn) soon();
  });
  return (
    <>
      <Title
        tools={
          mayPropose(session) && (
            <Button kind="main" onClick={() => go('/desk/guarantees/new')}>
              {t('guarantees.propose')}
            </Button>
          )
        }
      >
        {t('nav.guarantees')}
      </Title>
      <Panel>
        <div className="narrow">
          <SelectField
            label={t('guarantee.state')}
            value={state}
            onChange={setState}
            options={STATES.map((one) => [one, one ? word('guarantee-state', one) : t('all')])}
          />
        </div>
        <Refused refusal={refusal} again={again} />
        {!nodes && !refusal && <Waiting />}
        {nodes?.length === 0 && <Empty>{t('guarantees.none')}</Empty>}
        {nodes && nodes.length > 0 && (
          <Table
            caption={t('nav.guarantees')}
            heads={[
              t('guarantee.grn'),
              t('guarantee.type'),
              t('guarantee.state'),
              t('guarantee.owner'),
              t('guarantee.insured'),
              t('guarantee.available'),
              t('guarantee.headroom'),
              t('guarantee.until'),
            ]}
          >
            {nodes.map((node) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/guarantees/${node.grn ?? node.id}`}>
                    {node.grn ?? t('guarantee.no-grn')}
                  </Link>
                </td>
                <td>
                  <Named family="GuaranteeType" code={node.guaranteeType} />
                </td>
                <td>
                  <State family="guarantee-state" name={node.state} />
                </td>
                <td>
                  <Named family="party" code={node.owner} />
                </td>
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
        <More page={list.page} onMore={list.more} />
      </Panel>
      <Balance session={session} />
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
