// The administrator's areas: organisations and their people, reference data, dead letters.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { Link } from '../app/router';
import { count, instant, t, word } from '../app/texts';
import {
  CodeLists,
  DeadLetters,
  EndMembership,
  GrantMembership,
  Organisations,
  People,
  RegisterPerson,
  ReplayDeadLetter,
  SetPersonActive,
} from '../generated/documents';
import {
  Back,
  Button,
  Empty,
  Facts,
  Notice,
  Panel,
  Refused,
  SelectField,
  Table,
  Tag,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';
import { PartiesPanel, RestrictionsPanel, RouteCountriesPanel } from './Measures';
import { NewOrganisation } from './NewOrganisation';
import { ProposalsPanel } from './Proposals';
import { ReferenceVersionsPanel } from './ReferenceVersions';

export function OrganisationsPage() {
  const { data, refusal, again } = useAsk(Organisations, { first: 100 });
  return (
    <>
      <Title>{t('nav.organisations')}</Title>
      <Panel>
        <Refused refusal={refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data && (
          <Table
            caption={t('nav.organisations')}
            heads={[
              t('people.name'),
              'EORI',
              t('organisation.kinds'),
              t('organisation.number'),
              t('people.until'),
            ]}
          >
            {data.organisations.edges.map(({ node }) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/organisations/${node.id}`}>{node.name}</Link>
                </td>
                <td>{node.eori}</td>
                <td>{node.kinds.map((kind) => word('kind', kind)).join(', ')}</td>
                <td>{node.nationalNumber.number}</td>
                <td>{node.activeTo ? instant(node.activeTo) : t('people.open')}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <NewOrganisation onDone={again} />
    </>
  );
}

const ROLES = [
  'DECLARANT',
  'BROKER',
  'CARRIER',
  'GUARANTOR',
  'OFFICER_OF_DEPARTURE',
  'OFFICER_OF_TRANSIT',
  'OFFICER_OF_DESTINATION',
  'ADMINISTRATOR',
] as const;
const SCHEMES = ['KZ_IIN', 'KG_PIN', 'UZ_PIN'] as const;
const plain = (role: string) => word('role', role.toLowerCase().replaceAll('_', '-'));

export function PeoplePage({ parts }: { parts: Record<string, string> }) {
  const organisationId = parts.id ?? '';
  const organisations = useAsk(Organisations, { first: 100 });
  const { data, refusal, again } = useAsk(People, { organisationId, first: 100 });
  const action = useAction();
  const name = organisations.data?.organisations.edges.find(({ node }) => node.id === organisationId)?.node
    .name;
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await again();
    });
  return (
    <>
      <Back href="/desk/organisations" to="nav.organisations" />
      <Title>{name ?? t('people.title')}</Title>
      <Panel title={t('people.title')}>
        <Refused refusal={refusal ?? action.refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data?.people.edges.length === 0 && <Empty>{t('people.none')}</Empty>}
        {data && data.people.edges.length > 0 && (
          <Table
            caption={t('people.title')}
            heads={[t('people.name'), t('people.roles'), t('people.offices'), t('people.until'), '']}
          >
            {data.people.edges.map(({ node }) => (
              <tr key={node.membershipId}>
                <td>
                  {node.name} {!node.active && <Tag tone="bad">{t('people.barred')}</Tag>}
                </td>
                <td>{node.roles.map(plain).join(', ')}</td>
                <td>{node.offices.join(', ')}</td>
                <td>{node.validTo ? instant(node.validTo) : t('people.open')}</td>
                <td className="tools">
                  <Button
                    kind="quiet"
                    aria-label={`${t(node.active ? 'people.bar' : 'people.unbar')}: ${node.name}`}
                    onClick={() =>
                      run(() =>
                        ask(SetPersonActive, { input: { personId: node.personId, active: !node.active } }),
                      )
                    }
                  >
                    {t(node.active ? 'people.bar' : 'people.unbar')}
                  </Button>
                  {!node.validTo && (
                    <Button
                      kind="quiet"
                      aria-label={`${t('people.end')}: ${node.name}`}
                      onClick={() =>
                        run(() => ask(EndMembership, { input: { membershipId: node.membershipId } }))
                      }
                    >
                      {t('people.end')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
      <NewPerson organisationId={organisationId} onDone={again} />
    </>
  );
}

function NewPerson({ organisationId, onDone }: { organisationId: string; onDone: () => void }) {
  const [name, setName] = useState('');
  const [number, setNumber] = useState('');
  const [scheme, setScheme] = useState<(typeof SCHEMES)[number]>('KZ_IIN');
  const [role, setRole] = useState<(typeof ROLES)[number]>('DECLARANT');
  const [offices, setOffices] = useState('');
  const [done, setDone] = useState('');
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const { registerPerson } = await ask(RegisterPerson, {
        input: { name, nationalNumber: { scheme, number } },
      });
      const served = offices.split(/[\s,]+/).filter(Boolean);
      await ask(GrantMembership, {
        input: { organisationId, personId: registerPerson.person.id, roles: [role], offices: served },
      });
      setDone(name);
      setName('');
      setNumber('');
      onDone();
    });
  };
  return (
    <Panel title={t('people.register')}>
      {done && <Notice tone="good" title={t('people.registered', { name: done })} />}
      <Refused refusal={action.refusal} />
      <form className="plain" onSubmit={send} noValidate>
        <div className="fields">
          <TextField label={t('people.name')} hint={t('people.name.hint')} value={name} onChange={setName} />
          <SelectField
            label={t('people.scheme')}
            hint={t('people.scheme.hint')}
            value={scheme}
            onChange={(one) => setScheme(one as typeof scheme)}
            options={SCHEMES.map((one) => [one, one.replace('_', ' ')])}
          />
          <TextField
            label={t('people.number')}
            hint={t('people.number.hint')}
            value={number}
            onChange={setNumber}
            inputMode="numeric"
          />
          <SelectField
            label={t('people.roles')}
            hint={t('people.roles.hint')}
            value={role}
            onChange={(one) => setRole(one as typeof role)}
            options={ROLES.map((one) => [one, plain(one)])}
          />
          <TextField
            label={t('people.offices')}
            hint={t('people.offices.hint')}
            value={offices}
            onChange={setOffices}
          />
        </div>
        <div>
          <Button type="submit" kind="main" busy={action.busy}>
            {t('people.register')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

export function ReferencesPage() {
  const lists = useAsk(CodeLists, { first: 100 });
  return (
    <>
      <Title>{t('nav.references')}</Title>
      <ProposalsPanel />
      <RestrictionsPanel />
      <RouteCountriesPanel />
      <PartiesPanel />
      <ReferenceVersionsPanel />
      <Panel title={t('references.lists')}>
        <Refused refusal={lists.refusal} />
        {lists.data && (
          <Table caption={t('references.lists')} heads={[t('references.list'), t('references.codes')]}>
            {lists.data.codeLists.edges.map(({ node }) => (
              <tr key={node.name}>
                <td>{node.name}</td>
                <td className="num">{count(node.codes)}</td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}

const SERVICES = [
  'DECLARATIONS',
  'GUARANTEES',
  'NOTIFICATIONS',
  'REFERENCES',
  'STATISTICS',
  'WEB_BROKER',
] as const;

export function DeadLettersPage() {
  const [service, setService] = useState<(typeof SERVICES)[number]>('DECLARATIONS');
  const { data, refusal, again } = useAsk(DeadLetters, { service, first: 50 });
  const action = useAction();
  const replay = (id: string) =>
    action.run(async () => {
      await ask(ReplayDeadLetter, { input: { service, id } });
      await again();
    });
  return (
    <>
      <Title>{t('nav.dead-letters')}</Title>
      <Panel>
        <div className="narrow">
          <SelectField
            label={t('letters.service')}
            hint={t('letters.hint')}
            value={service}
            onChange={(one) => setService(one as typeof service)}
            options={SERVICES.map((one) => [one, word('service', one)])}
          />
        </div>
        <Refused refusal={refusal ?? action.refusal} again={again} />
        {!data && !refusal && <Waiting />}
        {data?.deadLetters.items.length === 0 && <Empty>{t('letters.none')}</Empty>}
        {data?.deadLetters.items.map((letter) => (
          <Panel
            key={letter.id}
            title={letter.name}
            tools={
              <Button onClick={() => replay(letter.id)} busy={action.busy}>
                {t('letters.replay')}
              </Button>
            }
          >
            <Facts
              rows={[
                [t('letters.reason'), letter.reason],
                [t('letters.kind'), letter.kind],
                [t('letters.attempts'), String(letter.attempts)],
                [t('letters.parked'), instant(letter.parkedAt)],
                [t('error.correlation'), letter.correlationId],
                [t('letters.aggregate'), letter.aggregate],
              ]}
            />
            <details>
              <summary>{t('letters.body')}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              <pre className="raw" tabIndex={0}>
                {letter.body}
              </pre>
            </details>
          </Panel>
        ))}
      </Panel>
    </>
  );
}
