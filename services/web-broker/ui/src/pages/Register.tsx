// A newcomer applies for an entry in the register: the certificate proves who, the form tells what the organisation does.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { Link } from '../app/router';
import { instant, t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { type ApplicationParts, ApplyForRegistration, RequestChallenge } from '../generated/documents';
import type { Signer } from '../signing';
import { Button, Facts, faultAt, Notice, Panel, Refused, TextField, Title } from '../ui/parts';
import { TextArea } from '../ui/TextArea';
import { KeyForm, opened, useSandbox } from './SignIn';

const KINDS = ['DECLARANT', 'BROKER', 'CARRIER', 'GUARANTOR'] as const;
type Kind = (typeof KINDS)[number];
type Applied = { name: string; eori: string; address: string; kinds: readonly Kind[] };

export function RegisterPage() {
  const [signer, setSigner] = useState<Signer | null>(null);
  const [received, setReceived] = useState<ApplicationParts | null>(null);
  return (
    <>
      <Title>{t('nav.register')}</Title>
      {received ? (
        <Received application={received} />
      ) : (
        <>
          <p>{t('register.words')}</p>
          {signer ? (
            <Application signer={signer} onReceived={setReceived} onOther={() => setSigner(null)} />
          ) : (
            <div className="columns wide-left">
              <Panel title={t('register.key')}>
                <KeyForm submit={t('key.open.do')} onOpen={async (opened) => setSigner(opened)} />
              </Panel>
              <SandboxNewcomer onOpen={setSigner} />
            </div>
          )}
        </>
      )}
    </>
  );
}

/** The newcomer of the sandbox, a press away. */
function SandboxNewcomer({ onOpen }: { onOpen: (signer: Signer) => void }) {
  const sandbox = useSandbox();
  const action = useAction();
  const person = sandbox?.newcomer;
  if (!person) return null;
  const choose = () =>
    action.run(async () => {
      const answer = await fetch(person.file);
      onOpen(await opened(await answer.arrayBuffer(), sandbox.password));
    });
  return (
    <Panel title={t('register.sandbox')}>
      <p>{t('sandbox.words')}</p>
      <Refused refusal={action.refusal} />
      <ul className="people">
        <li>
          <button type="button" onClick={choose} disabled={action.busy} data-login={person.login}>
            <strong>{person.name}</strong>
            <span className="small">{person.organisation}</span>
          </button>
        </li>
      </ul>
    </Panel>
  );
}

function Application({
  signer,
  onReceived,
  onOther,
}: {
  signer: Signer;
  onReceived: (application: ApplicationParts) => void;
  onOther: () => void;
}) {
  // Nobody is signed in yet: what is entered is kept under who the key says it is.
  const kept = useKept<Applied>(
    'register',
    { name: signer.organisation, eori: '', address: '', kinds: ['DECLARANT'] },
    `newcomer.${signer.name}`,
  );
  const { name, eori, address, kinds } = kept.value;
  const change = (more: Partial<Applied>) => kept.set((before) => ({ ...before, ...more }));
  const [tried, setTried] = useState(false);
  const action = useAction();
  const lacks = (value: string) => (tried && !value.trim() ? t('answer.missing') : undefined);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim() || !eori.trim() || kinds.length === 0) return;
    action.run(async () => {
      const { requestChallenge } = await ask(RequestChallenge, {});
      const { challenge } = requestChallenge.challenge;
      const addressLines = address.split('\n').flatMap((line) => line.trim() || []);
      const input = {
        challenge,
        signature: await signer.sign(challenge),
        eori: eori.trim().toUpperCase(),
        organisationName: name.trim(),
        addressLines,
        kinds,
      };
      const { applyForRegistration } = await ask(ApplyForRegistration, { input });
      kept.clear();
      onReceived(applyForRegistration.application);
    });
  };
  return (
    <Panel
      title={signer.name || 'NCALayer'}
      tools={
        <Button
          kind="quiet"
          onClick={() => {
            kept.clear();
            onOther();
          }}
        >
          {t('register.other')}
        </Button>
      }
    >
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <div className="fields">
          <TextField
            label={t('register.name')}
            value={name}
            onChange={(typed) => change({ name: typed })}
            error={lacks(name) ?? faultAt(action.refusal, '/organisationName')}
            maxLength={200}
          />
          <TextField
            label="EORI"
            hint={t('register.eori.hint')}
            value={eori}
            onChange={(typed) => change({ eori: typed })}
            error={lacks(eori) ?? faultAt(action.refusal, '/eori')}
            maxLength={17}
          />
        </div>
        <TextArea
          label={`${t('organisation.address')} ${t('form.optional')}`}
          hint={t('register.address.hint')}
          value={address}
          onChange={(typed) => change({ address: typed })}
        />
        <fieldset>
          <legend className="label">{t('organisation.kinds')}</legend>
          {tried && kinds.length === 0 && <div className="error">{t('answer.missing')}</div>}
          {KINDS.map((one) => (
            <div className="check" key={one}>
              <input
                id={`kind-${one}`}
                type="checkbox"
                checked={kinds.includes(one)}
                onChange={(event) =>
                  change({
                    kinds: event.target.checked ? [...kinds, one] : kinds.filter((other) => other !== one),
                  })
                }
              />
              <label htmlFor={`kind-${one}`}>{word('kind', one)}</label>
            </div>
          ))}
        </fieldset>
        <div>
          <Button type="submit" kind="main" busy={action.busy}>
            {t('register.do')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Received({ application }: { application: ApplicationParts }) {
  return (
    <>
      <Notice tone="good" title={t('register.received')} />
      <Panel title={application.organisationName}>
        <Facts
          rows={[
            [t('people.name'), application.personName],
            ['EORI', application.eori],
            [t('organisation.kinds'), application.kinds.map((kind) => word('kind', kind)).join(', ')],
            [t('applications.received'), instant(application.receivedAt)],
          ]}
        />
        <p>
          <Link href="/">{t('sign-in')}</Link>
        </p>
      </Panel>
    </>
  );
}
