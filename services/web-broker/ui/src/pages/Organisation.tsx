// One's own organisation: its people, and who may act for whom, from when until when and up to which amount.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction, useAsk } from '../api/use';
import { has, mayArrive } from '../app/areas';
import type { Session } from '../app/session';
import { instant, money, t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { dayIn, endOf, startOf, today } from '../app/zone';
import {
  type DelegationParts,
  Delegations,
  GrantDelegation,
  MyOrganisation,
  People,
  RevokeDelegation,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import {
  Button,
  Dialog,
  Empty,
  Facts,
  faultAt,
  More,
  Panel,
  Refused,
  Table,
  Tag,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';
import { roleName } from './Membership';
import { RegistryChangesPanel } from './RegistryChanges';

type Scope = 'ARRIVE' | 'DECLARE' | 'GUARANTEE_USE';
const SCOPES: readonly Scope[] = ['DECLARE', 'ARRIVE', 'GUARANTEE_USE'];

export function OrganisationPage({ session }: { session: Session }) {
  const own = useAsk(MyOrganisation, {});
  const organisation = own.data?.organisation;
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
      {mayArrive(session) && <DelegationsPanel session={session} />}
      <Colleagues />
      <RegistryChangesPanel organisationId={null} />
    </>
  );
}

function Colleagues() {
  const list = usePages(People, { first: 50 }, ({ people }) => partOf(people));
  const { nodes } = list;
  return (
    <Panel title={t('people.title')}>
      <Refused refusal={list.refusal} again={list.again} />
      {!nodes && !list.refusal && <Waiting />}
      {nodes && (
        <Table
          caption={t('people.title')}
          heads={[t('people.name'), t('people.roles'), t('people.offices'), t('people.until')]}
        >
          {nodes.map((node) => (
            <tr key={node.membershipId}>
              <td>
                {node.name} {!node.active && <Tag tone="bad">{t('people.barred')}</Tag>}
              </td>
              <td>{node.roles.map(roleName).join(', ')}</td>
              <td>{node.offices.join(', ')}</td>
              <td>{node.validTo ? instant(node.validTo) : t('people.open')}</td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
    </Panel>
  );
}

function DelegationsPanel({ session }: { session: Session }) {
  const list = usePages(Delegations, { first: 50 }, ({ delegations }) => partOf(delegations));
  const [granting, setGranting] = useState(false);
  const action = useAction();
  const { nodes } = list;
  const revoke = ({ id, representativeName }: DelegationParts) =>
    action.run(async () => {
      const title = `${t('delegations.revoke')}: ${representativeName}`;
      if (!(await sure(title, 'delegations.revoke.sure', { tone: 'danger' }))) return;
      await ask(RevokeDelegation, { input: { delegationId: id } });
      await list.again();
    });
  return (
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
      <Refused refusal={list.refusal ?? action.refusal} />
      {!nodes && !list.refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('delegations.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('delegations.title')}
          heads={[
            t('delegations.principal'),
            t('delegations.representative'),
            t('delegations.scope'),
            t('delegations.cap'),
            t('delegations.from'),
            t('delegations.until'),
            '',
          ]}
        >
          {nodes.map((node) => (
            <Row key={node.id} of={node} own={node.principal === session.party} onRevoke={revoke} />
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
      {granting && (
        <Grant
          onClose={() => setGranting(false)}
          onDone={() => {
            setGranting(false);
            list.again();
          }}
        />
      )}
    </Panel>
  );
}

type RowProps = { of: DelegationParts; own: boolean; onRevoke: (of: DelegationParts) => void };

function Row({ of: node, own, onRevoke }: RowProps) {
  return (
    <tr>
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
      <td>{instant(node.validFrom)}</td>
      <td>
        {node.revokedAt ? (
          <Tag>{t('delegations.revoked', { at: instant(node.revokedAt) })}</Tag>
        ) : (
          instant(node.validTo)
        )}
      </td>
      <td>
        {!node.revokedAt && own && (
          <Button
            kind="quiet"
            onClick={() => onRevoke(node)}
            aria-label={`${t('delegations.revoke')}: ${node.representativeName}`}
          >
            {t('delegations.revoke')}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** What is entered of a delegation. */
type Granted = {
  representative: string;
  scope: readonly Scope[];
  from: string;
  until: string;
  amount: string;
  currency: string;
};
/** A form as it is when it is opened. */
const fresh = (): Granted => ({
  representative: '',
  scope: ['DECLARE'],
  from: today(),
  until: dayIn(Date.now() + 365 * 86_400_000),
  amount: '',
  currency: 'EUR',
});

function Grant({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const kept = useKept<Granted>('delegation.new', fresh);
  const filled = kept.value;
  const { scope } = filled;
  const change = (more: Partial<Granted>) => kept.set((before) => ({ ...before, ...more }));
  const action = useAction();
  const field = (name: Exclude<keyof Granted, 'scope'>) => ({
    value: filled[name],
    onChange: (value: string) => change({ [name]: value }),
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(async () => {
      const { representative, from, until } = filled;
      const amount = filled.amount.trim().replace(',', '.');
      const cap = amount ? { amount, currency: filled.currency.trim().toUpperCase() } : null;
      // From now on is meant by today: a day that has begun is not what the suite calls the future.
      const validFrom = from > today() ? startOf(from) : null;
      const input = { representative: representative.trim(), scope, validFrom, cap };
      await ask(GrantDelegation, { input: { ...input, validTo: endOf(until) } });
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
          error={faultAt(action.refusal, '/representative')}
          maxLength={17}
          {...field('representative')}
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
          error={faultAt(action.refusal, '/cap/amount')}
          inputMode="decimal"
          {...field('amount')}
        />
        <TextField
          label={t('guarantee.currency')}
          hint={t('guarantee.currency.hint')}
          error={faultAt(action.refusal, '/cap/currency')}
          maxLength={3}
          {...field('currency')}
        />
        <TextField type="date" label={t('delegations.from')} {...field('from')} />
        <TextField
          type="date"
          label={t('delegations.until')}
          error={faultAt(action.refusal, '/validTo')}
          {...field('until')}
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
