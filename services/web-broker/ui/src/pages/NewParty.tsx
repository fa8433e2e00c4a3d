// An administrator enters an economic operator into the register of who may file, or changes its entry.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { t, word } from '../app/texts';
import { RegisterParty } from '../generated/documents';
import { Button, Dialog, faultAt, Refused, TextField } from '../ui/parts';

const ROLES = ['HOLDER', 'BROKER', 'CARRIER', 'INSURER', 'AEO', 'C521', 'C522', 'C523', 'C524'] as const;
type Role = (typeof ROLES)[number];
const EMPTY = {
  eori: '',
  name: '',
  streetAndNumber: '',
  postcode: '',
  city: '',
  country: '',
  from: '',
  until: '',
};

export function NewParty({ onDone }: { onDone: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t('parties.register')}</Button>
      {open && (
        <Entry
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            onDone();
          }}
        />
      )}
    </div>
  );
}

function Entry({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [filled, setFilled] = useState(EMPTY);
  const [roles, setRoles] = useState<ReadonlyMap<Role, string>>(new Map());
  const action = useAction();
  const field = (name: keyof typeof EMPTY, pointer = `/${name}`) => ({
    value: filled[name],
    error: faultAt(action.refusal, pointer),
    onChange: (value: string) => setFilled((before) => ({ ...before, [name]: value })),
  });
  const turn = (role: Role, reference: string | null) =>
    setRoles((before) => {
      const next = new Map(before);
      if (reference === null) next.delete(role);
      else next.set(role, reference);
      return next;
    });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const { eori, name, streetAndNumber, postcode, city, country, from, until } = filled;
    const input = {
      eori: eori.trim().toUpperCase(),
      name: name.trim(),
      address: {
        streetAndNumber: streetAndNumber.trim(),
        postcode: postcode.trim() || null,
        city: city.trim(),
        country: country.trim().toUpperCase(),
      },
      roles: [...roles].map(([role, reference]) => ({ role, reference: reference.trim() || null })),
      validFrom: from || null,
      validTo: until || null,
    };
    const done = await action.run(async () => {
      await ask(RegisterParty, { input });
    });
    if (done) onDone();
  };
  return (
    <Dialog title={t('parties.register')} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <p>{t('parties.register.words')}</p>
        <Refused refusal={action.refusal} />
        <div className="fields">
          <TextField label="EORI" maxLength={17} {...field('eori')} />
          <TextField label={t('people.name')} maxLength={70} {...field('name')} />
          <TextField
            label={t('parties.street')}
            maxLength={70}
            {...field('streetAndNumber', '/address/streetAndNumber')}
          />
          <TextField
            label={`${t('parties.postcode')} ${t('form.optional')}`}
            maxLength={17}
            {...field('postcode', '/address/postcode')}
          />
          <TextField label={t('parties.city')} maxLength={35} {...field('city', '/address/city')} />
          <TextField
            label={t('offices.country')}
            hint={t('offices.country.hint')}
            maxLength={2}
            {...field('country', '/address/country')}
          />
          <TextField
            type="date"
            label={`${t('delegations.from')} ${t('form.optional')}`}
            {...field('from', '/validFrom')}
          />
          <TextField
            type="date"
            label={`${t('people.until')} ${t('form.optional')}`}
            {...field('until', '/validTo')}
          />
        </div>
        <Roles roles={roles} onTurn={turn} />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('parties.register.do')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the operator is authorised for, each with the number of the authorisation where there is one. */
function Roles({
  roles,
  onTurn,
}: {
  roles: ReadonlyMap<Role, string>;
  onTurn: (role: Role, reference: string | null) => void;
}) {
  return (
    <fieldset>
      <legend className="label">{t('parties.roles')}</legend>
      {ROLES.map((role) => (
        <div key={role}>
          <div className="check">
            <input
              id={`party-${role}`}
              type="checkbox"
              checked={roles.has(role)}
              onChange={(event) => onTurn(role, event.target.checked ? '' : null)}
            />
            <label htmlFor={`party-${role}`}>{word('party-role', role)}</label>
          </div>
          {roles.has(role) && (
            <TextField
              label={`${t('parties.reference', { role: word('party-role', role) })} ${t('form.optional')}`}
              value={roles.get(role) ?? ''}
              onChange={(reference) => onTurn(role, reference)}
              maxLength={35}
            />
          )}
        </div>
      ))}
    </fieldset>
  );
}
