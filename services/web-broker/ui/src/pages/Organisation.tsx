// One's own organisation: its people, and who may act for whom, until when and up to which amount.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { has } from '../app/areas';
import type { Session } from '../app/session';
import { instant, money, t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { dayIn, endOf } from '../app/zone';
import {
  Delegations,
  GrantDelegation,
  MyOrganisation,
  People,
  RevokeDelegation,
} from '../generated/documents';
import {
  Button,
  Dialog,
  Empty,
  Facts,
  Panel,
  Refused,
  Table,
  Tag,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';

type Scope = 'ARRIVE' | 'DECLARE' | 'GUARANTEE_USE';
const SCOPES: readonly Scope[] = ['DECLARE', 'ARRIVE', 'GUARANTEE_USE'];

export function OrganisationPage({ session }: { session: Session }) {
  const own = useAsk(MyOrganisation, {});
  const people = useAsk(People, { first: 100 });
  const delegations = useAsk(Delegations, { first: 100 });
  const [granting, setGranting] = useState(false);
  const action = useAction();
  const organisation = own.data?.organisation;
  const revoke = (delegationId: string) =>
    action.run(async () => {
      await ask(RevokeDelegation, { input: { delegationId } });
      await delegations.again();
    });
  return (
    <>
      <Title>{organisation?.name ?? t('nav.organisation')}</Title>
      <Refused refusal={own.refusal} again={own.again} />
      {!organisation && !own.refusal && <Waiting />}
      {organisation && (
        <Panel>
          <Facts
            rows={[
              ['EORI', organisation.eori],
              [
                t('organisation.number'),
                `${organisation.nationalNumber.number} (${organisation.nationalNumber.scheme.replace('_', ' ')})`,
              ],
              [t('organisation.kinds'), organisation.kinds.map((kind) => word('kind', kind)).join(', ')],
              [t('organisation.address'), organisation.addressLines.join(', ')],
              [t('offices.country'), organisation.country],
            ]}
          />
        </Panel>
      )}
      <Panel
        title={t('delegations.title')}
        tools={
          (has(session, 'declarant') || has(session, 'carrier')) && (
            <Button kind="main" onClick={() => setGranting(true)}>
              {t('delegations.grant')}
            </Button>
          )
        }
      >
        <Refused refusal={delegations.refusal ?? action.refusal} />
        {delegations.data?.delegations.edges.length === 0 && <Empty>{t('delegations.none')}</Empty>}
        {delegations.data && delegations.data.delegations.edges.length > 0 && (
          <Table
            caption={t('delegations.title')}
            heads={[
              t('delegations.principal'),
              t('delegations.representative'),
              t('delegations.scope'),
              t('delegations.cap'),
              t('delegations.until'),
              '',
            ]}
          >
            {delegations.data.delegations.edges.map(({ node }) => (
              <tr key={node.id}>
                <td>
                  {node.principalName}
                  <div className="small">{node.principal}</div>
                </td>
                <td>
                  {node.representativeName}
                  <div className="small">{node.representative}</div>
                </td>
                <td>{node.scope.map((one) => word('scope', one)).join(', ')}</td>
                <td>{money(node.cap) || t('delegations.no-cap')}</td>
                <td>
                  {node.revokedAt ? (
                    <Tag>{t('delegations.revoked', { at: instant(node.revokedAt) })}</Tag>
                  ) : (
                    instant(node.validTo)
                  )}
                </td>
                <td>
                  {!node.revokedAt && node.principal === session.party && (
                    <Button
                      kind="quiet"
                      onClick={() => revoke(node.id)}
                      aria-label={`${t('delegations.revoke')}: ${node.representativeName}`}
                    >
                      {t('delegations.revoke')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <Panel title={t('people.title')}>
        <Refused refusal={people.refusal} />
        {people.data && (
          <Table caption={t('people.title')} heads={[t('people.name'), t('people.roles'), t('people.until')]}>
            {people.data.people.edges.map(({ node }) => (
              <tr key={node.membershipId}>
                <td>{node.name}</td>
                <td>
                  {node.roles.map((role) => word('role', role.toLowerCase().replaceAll('_', '-'))).join(', ')}
                </td>
                <td>{node.validTo ? instant(node.validTo) : t('people.open')}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      {granting && (
        <Grant
          onClose={() => setGranting(false)}
          onDone={() => {
            setGranting(false);
            delegations.again();
          }}
        />
      )}
    </>
  );
}

type Granted = { representative: string; scope: readonly Scope[]; until: string; amount: string };

function Grant({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const kept = useKept<Granted>('delegation.new', () => ({
    representative: '',
    scope: ['DECLARE'],
    until: dayIn(Date.now() + 365 * 86_400_000),
    amount: '',
  }));
  const { representative, scope, until, amount } = kept.value;
  const change = (more: Partial<Granted>) => kept.set((before) => ({ ...before, ...more }));
  const action = useAction();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(async () => {
      const cap = amount ? { amount: amount.replace(',', '.'), currency: 'EUR' } : null;
      await ask(GrantDelegation, { input: { representative, scope, validTo: endOf(until), cap } });
    });
    if (!done) return;
    kept.clear();
    onDone();
  };
  return (
    <Dialog title={t('delegations.grant')} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <TextField
          label={t('delegations.representative')}
          hint={t('delegations.representative.hint')}
          value={representative}
          onChange={(typed) => change({ representative: typed })}
          maxLength={17}
        />
        <fieldset>
          <legend className="label">{t('delegations.scope')}</legend>
          {SCOPES.map((one) => (
            <div className="check" key={one}>
              <input
                id={`scope-${one}`}
                type="checkbox"
                checked={scope.includes(one)}
                onChange={(event) =>
                  change({
                    scope: event.target.checked ? [...scope, one] : scope.filter((other) => other !== one),
                  })
                }
              />
              <label htmlFor={`scope-${one}`}>{word('scope', one)}</label>
            </div>
          ))}
        </fieldset>
        <TextField
          label={t('delegations.cap')}
          hint={t('delegations.cap.hint')}
          value={amount}
          onChange={(typed) => change({ amount: typed })}
          inputMode="decimal"
        />
        <TextField
          type="date"
          label={t('delegations.until')}
          value={until}
          onChange={(typed) => change({ until: typed })}
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('delegations.grant.do')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
