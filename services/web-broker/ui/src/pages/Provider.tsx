// The button of the outside provider, and what becomes of those who come back from it.
import { type FormEvent, useEffect, useState } from 'react';
import { Refusal } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { leaveForProvider, takeTicket } from '../app/provider';
import { Link, useAddress } from '../app/router';
import { signInByTicket } from '../app/session';
import { currentLanguage, t } from '../app/texts';
import { SignInWays } from '../generated/documents';
import { Button, Notice, Refused, TextField } from '../ui/parts';

/** Why the suite has sent the browser back without a ticket, if it has. */
function refusedBy(query: URLSearchParams): Refusal | null {
  const code = query.get('refused');
  if (!code || !/^[a-z0-9-]+$/.test(code)) return null;
  const correlationId = /^[\w.:-]{1,100}$/.exec(query.get('correlation') ?? '')?.[0];
  return new Refusal('', { code, correlationId });
}

/** The way in by the outside provider, where there is one; `onward` is the page to come to. */
export function ProviderSignIn({ onward }: { onward: string | null }) {
  const { data } = useAsk(SignInWays, {});
  const { query } = useAddress();
  const [held, setHeld] = useState<{ ticket: string; verifier: string } | null>(null);
  const [organisation, setOrganisation] = useState('');
  const { run, busy, refusal } = useAction();
  useEffect(() => {
    const taken = takeTicket();
    if (!taken) return;
    setHeld(taken);
    run(() => signInByTicket(taken));
  }, [run]);
  const provider = data?.signInWays.provider;
  const unclear = refusal?.code === 'organisation-unclear';
  if (!provider && !held) return null;
  const own = provider?.labels.find(({ language }) => language === currentLanguage());
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (held) run(() => signInByTicket({ ...held, organisation }));
  };
  if (unclear && held) {
    return (
      <form className="plain" onSubmit={choose} noValidate>
        <Notice tone="busy" title={t('sign-in.which')} />
        <TextField
          label={t('sign-in.organisation')}
          value={organisation}
          onChange={setOrganisation}
          hint={refusal.findings.map(({ value, message }) => `${value}: ${message}`).join(', ')}
        />
        <Button type="submit" kind="main" busy={busy}>
          {t('provider.go-on')}
        </Button>
      </form>
    );
  }
  return (
    <div className="plain">
      <Refused refusal={refusal ?? (busy ? null : refusedBy(query))} />
      {refusal?.code === 'provider-person-unknown' && (
        <p>
          <Link href="/public/register">{t('register.link')}</Link>
        </p>
      )}
      {provider && (
        <>
          <p>{t('provider.words')}</p>
          <Button busy={busy} onClick={() => run(() => leaveForProvider(provider.start, onward))}>
            {own?.text ?? t('provider.sign-in')}
          </Button>
        </>
      )}
    </div>
  );
}
