// An organisation as an administrator keeps it: its people, what they are there, and its end.
import { useEffect, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { instant, t, word } from '../app/texts';
import {
  CloseOrganisation,
  EndMembership,
  Organisations,
  People,
  type PeopleAnswer,
  SetPersonActive,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import {
  Back,
  Button,
  Empty,
  Facts,
  More,
  Notice,
  Panel,
  Refused,
  Table,
  Tag,
  Title,
  Waiting,
} from '../ui/parts';
import { FurtherMembership, NewPerson, type Organisation, roleName } from './Membership';
import { RegistryChangesPanel } from './RegistryChanges';

type Colleague = PeopleAnswer['people']['edges'][number]['node'];

export function PeoplePage({ parts }: { parts: Record<string, string> }) {
  const organisationId = parts.id ?? '';
  const organisations = usePages(Organisations, { first: 100 }, (answer) => partOf(answer.organisations));
  const organisation = organisations.nodes?.find(({ id }) => id === organisationId);
  const { page, more, busy } = organisations;
  // There is no question for one organisation: it is looked for in the list, part by part.
  const further = !organisation && page.hasNextPage && !busy;
  useEffect(() => {
    if (further) more();
  }, [further, more]);
  return (
    <>
      <Back href="/desk/organisations" to="nav.organisations" />
      <Title>{organisation?.name ?? t('people.title')}</Title>
      <Refused refusal={organisations.refusal} again={organisations.again} />
      {!organisation && !organisations.refusal && <Waiting />}
      {organisation && <OrganisationPanel of={organisation} onDone={organisations.again} />}
      {organisation && <PeoplePanel organisation={organisation} />}
      <RegistryChangesPanel organisationId={organisationId} />
    </>
  );
}

function OrganisationPanel({ of, onDone }: { of: Organisation; onDone: () => Promise<void> }) {
  const action = useAction();
  const close = () =>
    action.run(async () => {
      const title = `${t('organisation.close')}: ${of.name}`;
      if (!(await sure(title, 'organisation.close.sure', { tone: 'danger' }))) return;
      await ask(CloseOrganisation, { input: { organisationId: of.id, expectedVersion: of.version } });
      await onDone();
    });
  return (
    <Panel
      title={t('nav.organisation')}
      tools={
        !of.activeTo && (
          <Button kind="danger" busy={action.busy} onClick={close}>
            {t('organisation.close')}
          </Button>
        )
      }
    >
      <Refused refusal={action.refusal} />
      {of.activeTo && <Notice tone="warn" title={t('organisation.closed', { at: instant(of.activeTo) })} />}
      <Facts
        rows={[
          ['EORI', of.eori],
          [
            t('organisation.number'),
            `${of.nationalNumber.number} (${of.nationalNumber.scheme.replace('_', ' ')})`,
          ],
          [t('organisation.kinds'), of.kinds.map((kind) => word('kind', kind)).join(', ')],
          [t('offices.country'), of.country],
          [t('delegations.from'), instant(of.activeFrom)],
        ]}
      />
    </Panel>
  );
}

function PeoplePanel({ organisation }: { organisation: Organisation }) {
  const list = usePages(People, { organisationId: organisation.id, first: 50 }, ({ people }) =>
    partOf(people),
  );
  const { nodes, refusal, again } = list;
  const [further, setFurther] = useState<Colleague | null>(null);
  const action = useAction();
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await again();
    });
  const bar = (of: Colleague) =>
    run(async () => {
      const title = `${t(of.active ? 'people.bar' : 'people.unbar')}: ${of.name}`;
      if (of.active && !(await sure(title, 'people.bar.sure', { tone: 'danger' }))) return;
      await ask(SetPersonActive, { input: { personId: of.personId, active: !of.active } });
    });
  const end = (of: Colleague) =>
    run(async () => {
      const title = `${t('people.end')}: ${of.name}`;
      if (!(await sure(title, 'people.end.sure', { tone: 'danger' }))) return;
      await ask(EndMembership, { input: { membershipId: of.membershipId } });
    });
  return (
    <>
      <Panel title={t('people.title')}>
        <Refused refusal={refusal ?? action.refusal} again={again} />
        {!nodes && !refusal && <Waiting />}
        {nodes?.length === 0 && <Empty>{t('people.none')}</Empty>}
        {nodes && nodes.length > 0 && (
          <Table
            caption={t('people.title')}
            heads={[
              t('people.name'),
              t('people.roles'),
              t('people.offices'),
              t('delegations.from'),
              t('people.until'),
              '',
            ]}
          >
            {nodes.map((node) => (
              <Row key={node.membershipId} of={node} onBar={bar} onEnd={end} onFurther={setFurther} />
            ))}
          </Table>
        )}
        <More page={list.page} onMore={list.more} />
      </Panel>
      {further && (
        <FurtherMembership
          person={{ id: further.personId, name: further.name }}
          at={organisation}
          onClose={() => setFurther(null)}
          onDone={() => {
            setFurther(null);
            again();
          }}
        />
      )}
      <NewPerson organisation={organisation} onDone={again} />
    </>
  );
}

type RowProps = Record<'onBar' | 'onEnd' | 'onFurther', (of: Colleague) => void> & { of: Colleague };

function Row({ of, onBar, onEnd, onFurther }: RowProps) {
  const act = (text: string, work: (of: Colleague) => void) => (
    <Button kind="quiet" aria-label={`${text}: ${of.name}`} onClick={() => work(of)}>
      {text}
    </Button>
  );
  return (
    <tr>
      <td>
        {of.name} {!of.active && <Tag tone="bad">{t('people.barred')}</Tag>}
      </td>
      <td>{of.roles.map(roleName).join(', ')}</td>
      <td>{of.offices.join(', ')}</td>
      <td>{instant(of.validFrom)}</td>
      <td>{of.validTo ? instant(of.validTo) : t('people.open')}</td>
      <td className="tools">
        {act(t('people.further'), onFurther)}
        {act(t(of.active ? 'people.bar' : 'people.unbar'), onBar)}
        {!of.validTo && act(t('people.end'), onEnd)}
      </td>
    </tr>
  );
}
