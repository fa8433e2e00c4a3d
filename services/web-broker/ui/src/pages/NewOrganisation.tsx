// An administrator enters an organisation into the register by hand.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { RegisterOrganisation } from '../generated/documents';
import { Button, Notice, Panel, Refused, SelectField, TextField } from '../ui/parts';
import { TextArea } from '../ui/TextArea';

/** Registers of organisations, each with its country. */
const SCHEMES = { KZ_BIN: 'KZ', KG_TIN: 'KG', UZ_TIN: 'UZ' } as const;
type Scheme = keyof typeof SCHEMES;
const KINDS = ['DECLARANT', 'BROKER', 'CARRIER', 'GUARANTOR', 'CUSTOMS'] as const;
type Kind = (typeof KINDS)[number];
const EMPTY = {
  name: '',
  eori: '',
  address: '',
  number: '',
  scheme: 'KZ_BIN' as Scheme,
  kind: 'DECLARANT' as Kind,
};

export function NewOrganisation({ onDone }: { onDone: () => void }) {
  const kept = useKept('organisation.new', EMPTY);
  const filled = kept.value;
  const { scheme, kind } = filled;
  const change = (more: Partial<typeof EMPTY>) => kept.set((before) => ({ ...before, ...more }));
  const [done, setDone] = useState('');
  const action = useAction();
  const field = (name: 'name' | 'eori' | 'address' | 'number') => ({
    value: filled[name],
    onChange: (value: string) => change({ [name]: value }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const input = {
        eori: filled.eori.trim().toUpperCase(),
        name: filled.name.trim(),
        addressLines: filled.address.split('\n').flatMap((line) => line.trim() || []),
        country: SCHEMES[scheme],
        nationalNumber: { scheme, number: filled.number.trim() },
        kinds: [kind],
      };
      await ask(RegisterOrganisation, { input });
      setDone(input.name);
      kept.clear();
      onDone();
    });
  };
  return (
    <Panel title={t('organisations.register')}>
      {done && <Notice tone="good" title={t('people.registered', { name: done })} />}
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <div className="fields">
          <TextField label={t('register.name')} maxLength={200} {...field('name')} />
          <TextField label="EORI" maxLength={17} {...field('eori')} />
          <SelectField
            label={t('people.scheme')}
            value={scheme}
            onChange={(one) => change({ scheme: one as Scheme })}
            options={Object.keys(SCHEMES).map((one) => [one, one.replace('_', ' ')])}
          />
          <TextField
            label={t('organisation.number')}
            inputMode="numeric"
            maxLength={14}
            {...field('number')}
          />
          <SelectField
            label={t('organisation.kinds')}
            value={kind}
            onChange={(one) => change({ kind: one as Kind })}
            options={KINDS.map((one) => [one, word('kind', one)])}
          />
        </div>
        <TextArea
          label={`${t('organisation.address')} ${t('form.optional')}`}
          hint={t('register.address.hint')}
          {...field('address')}
        />
        <div>
          <Button type="submit" kind="main" busy={action.busy}>
            {t('organisations.register')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
