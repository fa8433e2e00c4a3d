// Which page stands at which address.
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { lastFailure } from '../api/graphql';
import { OrganisationsPage, ReferencesPage } from '../pages/Administration';
import { ApplicationsPage } from '../pages/Applications';
import { ArrivalPage, ArrivalsPage, NewArrivalPage } from '../pages/Arrivals';
import { DeadLettersPage } from '../pages/DeadLetters';
import { DeskPage } from '../pages/Desk';
import { DraftPage } from '../pages/Draft';
import { FollowPage } from '../pages/Follow';
import { GuaranteePage } from '../pages/Guarantee';
import { ProposePage } from '../pages/GuaranteeDecisions';
import { GuaranteesPage } from '../pages/Guarantees';
import { MovementPage } from '../pages/Movement';
import { MovementsPage } from '../pages/Movements';
import { NotificationsPage } from '../pages/Notifications';
import { OfficesPage } from '../pages/Offices';
import { OrganisationPage } from '../pages/Organisation';
import { PeoplePage } from '../pages/People';
import { PublicationsPage } from '../pages/Publications';
import { PublishPage } from '../pages/Publish';
import { QueuePage } from '../pages/Queue';
import { RegisterPage } from '../pages/Register';
import { SignIn } from '../pages/SignIn';
import { StatisticsPage } from '../pages/Statistics';
import { UnloadingPage } from '../pages/Unloading';
import { Button, Notice, Title, Waiting } from '../ui/parts';
import { DeskKeeper } from './desk';
import { Frame } from './Frame';
import { go, Link, match, useAddress } from './router';
import { type Session, useSession } from './session';
import { t, useLanguage } from './texts';

const SystemKeysPage = lazy(() => import('../pages/SystemKeys'));
const ProposalPage = lazy(() => import('../pages/Proposal'));
const InForcePage = lazy(() => import('../pages/InForce'));

type PageProps = { session: Session; parts: Record<string, string> };
const PAGES: ReadonlyArray<readonly [string, ComponentType<PageProps>]> = [
  ['/desk', DeskPage],
  ['/desk/queue', QueuePage],
  ['/desk/drafts/:id', DraftPage],
  ['/desk/movements', MovementsPage],
  ['/desk/movements/:id', MovementPage],
  ['/desk/arrivals', ArrivalsPage],
  ['/desk/arrivals/new', NewArrivalPage],
  ['/desk/arrivals/:id', ArrivalPage],
  ['/desk/arrivals/:id/unloading', UnloadingPage],
  ['/desk/guarantees', GuaranteesPage],
  ['/desk/guarantees/new', ProposePage],
  ['/desk/guarantees/:reference', GuaranteePage],
  ['/desk/organisation', OrganisationPage],
  ['/desk/systems', SystemKeysPage],
  ['/desk/applications', ApplicationsPage],
  ['/desk/organisations', OrganisationsPage],
  ['/desk/organisations/:id', PeoplePage],
  ['/desk/references', ReferencesPage],
  ['/desk/references/:id', ProposalPage],
  ['/desk/in-force', InForcePage],
  ['/desk/publish', PublishPage],
  ['/desk/dead-letters', DeadLettersPage],
  ['/desk/statistics', StatisticsPage],
  ['/desk/offices', OfficesPage],
  ['/desk/publications', PublicationsPage],
  ['/desk/notifications', NotificationsPage],
];

/** Pages that need nobody to be signed in. */
const PUBLIC_PAGES: ReadonlyArray<readonly [string, ComponentType]> = [
  ['/', SignIn],
  ['/public/follow', FollowPage],
  ['/public/offices', OfficesPage],
  ['/public/publications', PublicationsPage],
  ['/public/register', RegisterPage],
];

function Page() {
  const { path } = useAddress();
  const { session } = useSession();
  for (const [pattern, Shown] of PUBLIC_PAGES) if (path === pattern || match(pattern, path)) return <Shown />;
  for (const [pattern, Shown] of PAGES) {
    const parts = match(pattern, path);
    if (!parts) continue;
    if (!session) return <Onward path={path} />;
    return <Shown key={path} session={session} parts={parts} />;
  }
  return (
    <>
      <Title>{t('error.nowhere')}</Title>
      <p>{t('error.nowhere.words')}</p>
      <Correlation />
      <p>
        <Link href="/">{t('error.home')}</Link>
      </p>
    </>
  );
}

/** Where nobody is signed in, sign-in comes first and the page afterwards. */
function Onward({ path }: { path: string }) {
  queueMicrotask(() => go(`/?to=${encodeURIComponent(path)}`, 'replace'));
  return <Waiting />;
}

/** What is shown where a page fails for a reason of its own. */
class Caught extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null };
  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }
  override render() {
    if (!this.state.fault) return this.props.children;
    return (
      <>
        <Title>{t('error.page')}</Title>
        <Notice tone="bad" title={t('error.page.words')}>
          <Correlation />
          <details>
            <summary>{t('error.details')}</summary>
            <p className="small" lang="en">
              {this.state.fault.message}
            </p>
          </details>
        </Notice>
        <p>
          <Button kind="main" onClick={() => location.reload()}>
            {t('error.reload')}
          </Button>
        </p>
      </>
    );
  }
}

/** The id by which the support finds the request that failed last, if one did. */
function Correlation() {
  const id = lastFailure();
  if (!id) return null;
  return (
    <p className="small">
      {t('error.correlation')} <code>{id}</code>
    </p>
  );
}

export function App() {
  useLanguage();
  const { path } = useAddress();
  return (
    <DeskKeeper>
      <Frame>
        <Caught key={path}>
          <Suspense fallback={<Waiting />}>
            <Page />
          </Suspense>
        </Caught>
      </Frame>
    </DeskKeeper>
  );
}
