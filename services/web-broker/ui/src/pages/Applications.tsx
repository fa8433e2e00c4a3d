// Applications of newcomers: an administrator enters them into the register, or turns them down with a reason.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { instant, t, word } from '../app/texts';
import {
  type ApplicationParts,
  ApproveApplication,
  Applications as AskApplications,
  RejectApplication,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import {
  Button,
  Dialog,
  Empty,
  Facts,
  More,
  Panel,
  Refused,
  SelectField,
  State,
  TextField,
  Title,
  Waiting,
} from '../ui/parts';

const STATES = ['SUBMITTED', 'APPROVED', 'REJECTED'] as const;

export function ApplicationsPage() {
  const [state, setState] = useState<(typeof STATES)[number] | ''>('SUBMITTED');
  const list = usePages(AskApplications, { state: state || null, first: 50 }, ({ applications }) =>
    partOf(applications),
  );
  const { nodes, refusal, again } = list;
  const [rejected, setRejected] = useState<ApplicationParts | null>(null);
  const action = useAction();
  const approve = ({ id: applicationId, organisationName }: ApplicationParts) =>
    action.run(async () => {
      const title = `${t('applications.approve')}: ${organisationName}`;
      if (!(await sure(title, 'applications.approve.sure'))) return;
      await ask(ApproveApplication, { input: { applicationId } });
      await again();
    });
  return (
    <>
      <Title tools={<Button onClick={again}>{t('queue.again')}</Button>}>{t('nav.applications')}</Title>
      <div className="narrow">
        <SelectField
          label={t('movement.state')}
          value={state}
          onChange={(one) => setState(one as typeof state)}
          options={[
            ...STATES.map((one) => [one, word('application', one)] as const),
            ['', t('all')] as const,
          ]}
        />
      </div>
      <Refused refusal={refusal ?? action.refusal} again={again} />
      {!nodes && !refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('applications.none')}</Empty>}
      {nodes?.map((node) => (
        <Panel
          key={node.id}
          title={node.organisationName}
          tools={
            node.state === 'SUBMITTED' ? (
              <>
                <Button kind="main" busy={action.busy} onClick={() => approve(node)}>
                  {t('applications.approve')}
                </Button>
                <Button kind="danger" onClick={() => setRejected(node)}>
                  {t('applications.reject')}
                </Button>
              </>
            ) : (
              <State family="application" name={node.state} />
            )
          }
        >
          <Facts
            rows={[
              [t('people.name'), node.personName],
              [t('applications.person-number'), numbered(node.person)],
              [t('organisation.number'), numbered(node.organisation)],
              ['EORI', node.eori],
              [t('organisation.address'), [...node.addressLines, node.country].join(', ')],
              [t('organisation.kinds'), node.kinds.map((kind) => word('kind', kind)).join(', ')],
              [t('applications.received'), instant(node.receivedAt)],
              node.decidedAt ? [t('applications.decided'), instant(node.decidedAt)] : null,
              node.reason ? [t('officer.reason'), node.reason] : null,
            ]}
          />
        </Panel>
      ))}
      <More page={list.page} onMore={list.more} />
      {rejected && (
        <Rejection
          application={rejected}
          onClose={() => setRejected(null)}
          onDone={() => {
            setRejected(null);
            again();
          }}
        />
      )}
    </>
  );
}

const numbered = ({ scheme, number }: { scheme: string; number: string }) =>
  `${number} (${scheme.replace('_', ' ')})`;

function Rejection({
  application,
  onClose,
  onDone,
}: {
  application: ApplicationParts;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState('');
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!reason.trim()) {
      setFault(t('officer.reason.missing'));
      return;
    }
    action.run(async () => {
      await ask(RejectApplication, { input: { applicationId: application.id, reason: reason.trim() } });
      onDone();
    });
  };
  return (
    <Dialog title={`${t('applications.reject')}: ${application.organisationName}`} onClose={onClose}>
      <form className="plain" onSubmit={send} noValidate>
        <Refused refusal={action.refusal} />
        <TextField
          label={t('officer.reason')}
          value={reason}
          onChange={setReason}
          error={fault}
          maxLength={500}
        />
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('officer.confirm')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
