// Sign-in by a signature: with a PKCS#12 file, whose key is opened in the page and never leaves it, or with the signing agent of
// the person's computer, whose key never comes here.
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useAction } from '../api/use';
import { choose, type Way, way } from '../app/agent';
import { home } from '../app/areas';
import { go, Link, useAddress } from '../app/router';
import { SignOut } from '../app/SignOut';
import { holdSigner, signIn, useSession } from '../app/session';
import { t, word } from '../app/texts';
import type { Signer } from '../signing';
import { Button, Dialog, described, Labelled, Notice, Panel, Refused, TextField, Title } from '../ui/parts';
import { ProviderSignIn } from './Provider';
import { Ways } from './Ways';

type Person = {
  login: string;
  name: string;
  organisation: string;
  eori: string;
  roles: string[];
  offices: string[];
  file: string;
};
type Newcomer = { login: string; name: string; organisation: string; file: string };
type Sandbox = { password: string; keys: Person[]; newcomer?: Newcomer };

/** The people of a sandbox; nobody where the suite is none. */
export function useSandbox(): Sandbox | null {
  const [sandbox, setSandbox] = useState<Sandbox | null>(null);
  useEffect(() => {
    fetch('/sandbox/keys')
      .then((answer) => (answer.ok ? answer.json() : null))
      .then(setSandbox, () => undefined);
  }, []);
  return sandbox;
}

/** Opens a key file. */
export async function opened(file: ArrayBuffer, password: string): Promise<Signer> {
  const { open } = await import('../signing');
  return open(file, password);
}

/** Gives who signs by NCALayer, once it is sure that it runs. */
async function agent(): Promise<Signer> {
  const { connect } = await import('../signing/ncalayer');
  return connect();
}

/** A form for a key file and its password, or for the signing agent that has the key. */
export function KeyForm({
  submit,
  onOpen,
}: {
  submit: string;
  onOpen: (signer: Signer, organisation?: string) => Promise<void>;
}) {
  const [by, setBy] = useState<Way>(way);
  const [file, setFile] = useState<File | null>(null);
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState('');
  const [signer, setSigner] = useState<Signer | null>(null);
  const [organisation, setOrganisation] = useState('');
  const action = useAction();
  const id = useId();
  const turn = (chosen: Way) => {
    choose(chosen);
    setBy(chosen);
    setFault('');
    setSigner(null);
    action.clear();
  };
  /** The key in the file; what is wrong with it is said at the field. */
  const fromFile = async (): Promise<Signer | null> => {
    if (!file) {
      setFault('no-file');
      return null;
    }
    try {
      return await opened(await file.arrayBuffer(), password);
    } catch (error) {
      setFault((error as { reason?: string }).reason ?? 'format');
      return null;
    }
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setFault('');
    await action.run(async () => {
      const key = by === 'file' ? await fromFile() : await agent();
      if (!key) return;
      setSigner(key);
      await onOpen(key, organisation || undefined);
    });
  };
  const unclear = action.refusal?.code === 'organisation-unclear';
  const faultText = fault && word('key-fault', fault);
  return (
    <form className="plain" onSubmit={send} noValidate>
      {unclear ? <Notice tone="busy" title={t('sign-in.which')} /> : <Refused refusal={action.refusal} />}
      {by === 'ncalayer' && action.refusal?.code === 'forbidden' && <p>{t('ncalayer.other-certificate')}</p>}
      <Ways chosen={by} onChoose={turn} />
      {by === 'file' && (
        <>
          <Labelled id={id} label={t('sign-in.file')} hint={t('sign-in.file.hint')} error={faultText}>
            <input
              id={id}
              type="file"
              accept=".p12,.pfx,application/x-pkcs12"
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
              aria-describedby={described(id, true, faultText)}
              aria-invalid={faultText ? true : undefined}
            />
          </Labelled>
          <TextField
            label={t('sign-in.password')}
            type="password"
            value={password}
            onChange={setPassword}
            autoComplete="current-password"
          />
        </>
      )}
      {unclear && signer && (
        <TextField
          label={t('sign-in.organisation')}
          value={organisation}
          onChange={setOrganisation}
          hint={action.refusal?.message}
        />
      )}
      <div>
        <Button type="submit" kind="main" busy={action.busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

/** The people of the sandbox, each a press away. */
function SandboxPeople({ onOpen }: { onOpen: (signer: Signer) => Promise<void> }) {
  const sandbox = useSandbox();
  const action = useAction();
  if (!sandbox) return null;
  const choose = (person: Person) =>
    action.run(async () => {
      const answer = await fetch(person.file);
      await onOpen(await opened(await answer.arrayBuffer(), sandbox.password));
    });
  return (
    <Panel title={t('sandbox.title')}>
      <p>{t('sandbox.words')}</p>
      <Refused refusal={action.refusal} />
      <ul className="people">
        {sandbox.keys.map((person) => (
          <li key={person.login}>
            <button
              type="button"
              onClick={() => choose(person)}
              disabled={action.busy}
              data-login={person.login}
            >
              <strong>{person.name}</strong>
              <span className="small">
                {person.roles.map((role) => word('role', role)).join(', ')}
                {person.offices.length > 0 && ` · ${person.offices.join(', ')}`}
              </span>
              <span className="small">{person.organisation}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function SignIn() {
  const { session } = useSession();
  const { query } = useAddress();
  const onward = query.get('to');
  useEffect(() => {
    if (session) go(onward?.startsWith('/desk') ? onward : home(session), 'replace');
  }, [session, onward]);
  return (
    <>
      <div className="hero">
        <Title>{t('home.title')}</Title>
        <p>{t('home.words')}</p>
      </div>
      <div className="columns wide-left">
        <SandboxPeople onOpen={(key) => signIn(key)} />
        <Panel title={t('sign-in')}>
          <p>{t('sign-in.words')}</p>
          <KeyForm submit={t('sign-in')} onOpen={signIn} />
          <ProviderSignIn onward={onward} />
          <p>
            <Link href="/public/register">{t('register.link')}</Link>
          </p>
        </Panel>
      </div>
    </>
  );
}

/** Shown over the page when the session has ended: nothing that was entered is lost. */
export function SignInAgain() {
  return (
    <Dialog title={t('session.ended')}>
      <p>{t('session.ended.words')}</p>
      <KeyForm submit={t('sign-in')} onOpen={signIn} />
      <ProviderSignIn onward={location.pathname + location.search} />
      <SignOut>
        {(leave) => (
          <Button kind="quiet" onClick={leave}>
            {t('sign-out')}
          </Button>
        )}
      </SignOut>
    </Dialog>
  );
}

/** Asks for the key again after the page was loaded anew. */
export function OpenKey({ onOpen, onClose }: { onOpen: (signer: Signer) => void; onClose: () => void }) {
  const { session } = useSession();
  const byProvider = session?.amr?.includes('fed');
  return (
    <Dialog title={t('key.open')} onClose={onClose}>
      <p>{byProvider ? t('key.open.provider') : t('key.open.words')}</p>
      <KeyForm
        submit={t('key.open.do')}
        onOpen={async (signer) => {
          holdSigner(signer);
          onOpen(signer);
        }}
      />
      <Button kind="quiet" onClick={onClose}>
        {t('cancel')}
      </Button>
    </Dialog>
  );
}
