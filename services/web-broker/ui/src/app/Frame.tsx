// What stands around every page: who is signed in, where one can go, the language.
import { type ReactNode, useEffect } from 'react';
import { SignInAgain } from '../pages/SignIn';
import { AgentWaiting } from '../pages/Ways';
import { Questions } from '../ui/Confirm';
import { useAgentWaits } from './agent';
import { areas } from './areas';
import { useDesk } from './desk';
import { ShortcutHelp } from './keys';
import { Link, useAddress } from './router';
import { SignOut } from './SignOut';
import { useSession } from './session';
import { LANGUAGES, speak, t, useLanguage, zone } from './texts';

export function Frame({ children }: { children: ReactNode }) {
  const language = useLanguage();
  const { session, ended } = useSession();
  const { path } = useAddress();
  const { unread } = useDesk();
  const stop = useAgentWaits();
  const here = areas(session).filter(
    (area) => path === area.href || (area.href !== '/' && path.startsWith(`${area.href}/`)),
  );
  const current = here.sort((one, other) => other.href.length - one.href.length)[0]?.href;
  useEffect(() => {
    // A page that was left and came back may have missed what the line did not bring.
    document.documentElement.dataset.path = path;
  }, [path]);
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top">
        <div className="top-row">
          <Link className="mark" href="/">
            <svg viewBox="0 0 32 32" aria-hidden="true">
              <path d="M4 9h20M4 16h13M4 23h7" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
              <path
                d="m17 23 4 4 7-9"
                fill="none"
                stroke="#7fd1ae"
                strokeWidth="3"
                strokeLinecap="round"
                strokeLinejoin="round"
              />
            </svg>
            ecustoms
          </Link>
          <div className="who">
            {session && (
              <>
                <span className="name">
                  {session.name} · {session.party}
                </span>
                <SignOut>
                  {(leave) => (
                    <button type="button" onClick={leave}>
                      {t('sign-out')}
                    </button>
                  )}
                </SignOut>
              </>
            )}
            <fieldset className="languages">
              <legend className="unseen">{t('nav.language')}</legend>
              {LANGUAGES.map(({ code, name }) => (
                <button
                  key={code}
                  type="button"
                  lang={code}
                  aria-pressed={code === language}
                  onClick={() => speak(code)}
                >
                  {name}
                </button>
              ))}
            </fieldset>
          </div>
        </div>
      </header>
      <nav className="main" aria-label={t('nav.main')}>
        <ul>
          {areas(session).map(({ href, title }) => (
            <li key={href}>
              <Link href={href} aria-current={href === current ? 'page' : undefined}>
                {t(title)}
                {title === 'nav.notifications' && unread > 0 && (
                  <span className="count">
                    {unread > 99 ? '99+' : unread}
                    <span className="unseen"> {t('nav.unread')}</span>
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer>
        <div>
          <span>ecustoms</span>
          <a href="/docs/">{t('footer.api')}</a>
          <span>{t('footer.free')}</span>
          <span>{t('footer.zone', { zone: zone() })}</span>
          <ShortcutHelp />
        </div>
      </footer>
      <Questions />
      {ended && <SignInAgain />}
      {stop && <AgentWaiting onStop={stop} />}
    </>
  );
}
