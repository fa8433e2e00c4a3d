// That a person acts for an organisation: as what, at which offices, from when until when.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { t, word } from '../app/texts';
import {
  GrantMembership,
  Organisations,
  type OrganisationsAnswer,
  type PeopleAnswer,
  RegisterPerson,
} from '../generated/documents';
import { Button, Dialog, faultAt, More, Notice, Panel, Refused, SelectField, TextField } from '../ui/parts';

export type Role = PeopleAnswer['people']['edges'][number]['node']['roles'][number];
export type Organisation = OrganisationsAnswer['organisations']['edges'][number]['node'];
type Kind = Organisation['kinds'][number];
type Person = { id: string; name: string };

/** Which roles there are in an organisation of which kind. */
const ROLES: Readonly<Record<Kind, readonly Role[]>> = {
  DECLARANT: ['DECLARANT'],
  BROKER: ['BROKER'],
  CARRIER: ['CARRIER'],
  GUARANTOR: ['GUARANTOR'],
  CUSTOMS: ['OFFICER_OF_DEPARTURE', 'OFFICER_OF_TRANSIT', 'OFFICER_OF_DESTINATION', 'ADMINISTRATOR'],
};
const SCHEMES = ['KZ_IIN', 'KG_PIN', 'UZ_PIN'] as const;

export const roleName = (role: string) => word('role', role.toLowerCase().replaceAll('_', '-'));

const EMPTY = { roles: [] as readonly Role[], offices: '', from: '', until: '' };
type Filled = typeof EMPTY;

/** Grants what was filled in; a day that is not named is left to the suite. */
async function grant(organisationId: string, personId: string, filled: Filled): Promise<void> {
  const input = {
    organisationId,
    personId,
    roles: filled.roles,
    offices: filled.offices
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
    validFrom: filled.from ? `${filled.from}T00:00:00Z` : null,
    validTo: filled.until ? `${filled.until}T23:59:59Z` : null,
  };
  await ask(GrantMembership, { input });
}

type FieldsProps = {
  organisation: Organisation | undefined;
  filled: Filled;
  onChange: (filled: Filled) => void;
  missing: boolean;
};

/** The roles that fit the organisation, the offices of officers, and the period. */
function MembershipFields({ organisation, filled, onChange, missing }: FieldsProps) {
  const roles = (organisation?.kinds ?? []).flatMap((kind) => ROLES[kind]);
  const set = (name: 'offices' | 'from' | 'until') => (value: string) =>
    onChange({ ...filled, [name]: value });
  const turn = (role: Role, on: boolean) =>
    onChange({
      ...filled,
      roles: on ? [...filled.roles, role] : filled.roles.filter((one) => one !== role),
    });
  const id = organisation?.id ?? '';
  return (
    <>
      <fieldset aria-describedby={missing ? `roles-missing-${id}` : undefined}>
        <legend className="label">{t('people.roles')}</legend>
        {missing && (
          <p className="error" id={`roles-missing-${id}`}>
            {t('people.roles.missing')}
          </p>
        )}
        {roles.map((role) => (
          <div className="check" key={role}>
            <input
              id={`role-${id}-${role}`}
              type="checkbox"
              checked={filled.roles.includes(role)}
              onChange={(event) => turn(role, event.target.checked)}
            />
            <label htmlFor={`role-${id}-${role}`}>{roleName(role)}</label>
          </div>
        ))}
      </fieldset>
      <div className="fields">
        {organisation?.kinds.includes('CUSTOMS') && (
          <TextField
            label={t('people.offices')}
            hint={t('people.offices.hint')}
            value={filled.offices}
            onChange={set('offices')}
          />
        )}
        <TextField
          type="date"
          label={`${t('delegations.from')} ${t('form.optional')}`}
          hint={t('people.from.hint')}
          value={filled.from}
          onChange={set('from')}
        />
        <TextField
          type="date"
          label={`${t('people.until')} ${t('form.optional')}`}
          hint={t('people.until.hint')}
          value={filled.until}
          onChange={set('until')}
        />
      </div>
    </>
  );
}

/** Enters a new person into the register, with everything they are in the organisation. */
export function NewPerson({ organisation, onDone }: { organisation: Organisation; onDone: () => void }) {
  const [name, setName] = useState('');
  const [number, setNumber] = useState('');
  const [scheme, setScheme] = useState<(typeof SCHEMES)[number]>('KZ_IIN');
  const [filled, setFilled] = useState(EMPTY);
  const [registered, setRegistered] = useState<Person | null>(null);
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState('');
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (filled.roles.length === 0) return;
    action.run(async () => {
      // A person who was registered before the membership was refused is not registered again.
      let person = registered?.name === name ? registered : null;
      if (!person) {
        const input = { name, nationalNumber: { scheme, number } };
        person = (await ask(RegisterPerson, { input })).registerPerson.person;
        setRegistered(person);
      }
      await grant(organisation.id, person.id, filled);
      setDone(name);
      setName('');
      setNumber('');
      setRegistered(null);
      setFilled(EMPTY);
      setTried(false);
      onDone();
    });
  };
  return (
    <Panel title={t('people.register')}>
      {done && <Notice tone="good" title={t('people.registered', { name: done })} />}
      <Refused refusal={action.refusal} />
      <form className="plain" onSubmit={send} noValidate>
        <div className="fields">
          <TextField
            label={t('people.name')}
            hint={t('people.name.hint')}
            value={name}
            onChange={setName}
            error={faultAt(action.refusal, '/name')}
          />
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
            error={faultAt(action.refusal, '/nationalNumber/number')}
            inputMode="numeric"
          />
        </div>
        <MembershipFields
          organisation={organisation}
          filled={filled}
          onChange={setFilled}
          missing={tried && filled.roles.length === 0}
        />
        <div>
          <Button type="submit" kind="main" busy={action.busy}>
            {t('people.register')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

type FurtherProps = { person: Person; at: Organisation; onClose: () => void; onDone: () => void };

/** Another membership of a person who is registered: in this organisation or in another one. */
export function FurtherMembership({ person, at, onClose, onDone }: FurtherProps) {
  const list = usePages(Organisations, { first: 100 }, ({ organisations }) => partOf(organisations));
  const [chosen, setChosen] = useState(at.id);
  const [filled, setFilled] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const all = list.nodes ?? [at];
  const organisation = all.find(({ id }) => id === chosen) ?? at;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (filled.roles.length === 0) return;
    if (await action.run(() => grant(organisation.id, person.id, filled))) onDone();
  };
  return (
    <Dialog title={t('people.further.title', { name: person.name })} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <p>{t('people.further.words')}</p>
        <Refused refusal={action.refusal ?? list.refusal} />
        <SelectField
          label={t('nav.organisation')}
          value={organisation.id}
          onChange={(id) => {
            setChosen(id);
            setFilled(EMPTY);
          }}
          options={all.map((one) => [one.id, `${one.name} (${one.eori})`])}
        />
        <More page={list.page} onMore={list.more} />
        <MembershipFields
          organisation={organisation}
          filled={filled}
          onChange={setFilled}
          missing={tried && filled.roles.length === 0}
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('people.further.do')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
