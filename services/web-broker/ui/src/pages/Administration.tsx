// The administrator's areas: organisations, and reference data.
import { partOf, usePages } from '../api/pages';
import { Link } from '../app/router';
import { count, instant, t, word } from '../app/texts';
import { CodeLists, Organisations } from '../generated/documents';
import { More, Panel, Refused, Table, Title, Waiting } from '../ui/parts';
import { PartiesPanel, RestrictionsPanel, RouteCountriesPanel } from './Measures';
import { NewOrganisation } from './NewOrganisation';
import { ProposalsPanel } from './Proposals';
import { ReferenceVersionsPanel } from './ReferenceVersions';
import { RegistryChangesPanel } from './RegistryChanges';

export function OrganisationsPage() {
  const list = usePages(Organisations, { first: 50 }, ({ organisations }) => partOf(organisations));
  const { nodes, refusal, again } = list;
  return (
    <>
      <Title>{t('nav.organisations')}</Title>
      <Panel>
        <Refused refusal={refusal} again={again} />
        {!nodes && !refusal && <Waiting />}
        {nodes && (
          <Table
            caption={t('nav.organisations')}
            heads={[
              t('people.name'),
              'EORI',
              t('organisation.kinds'),
              t('organisation.number'),
              t('people.until'),
            ]}
          >
            {nodes.map((node) => (
              <tr key={node.id}>
                <td>
                  <Link href={`/desk/organisations/${node.id}`}>{node.name}</Link>
                </td>
                <td>{node.eori}</td>
                <td>{node.kinds.map((kind) => word('kind', kind)).join(', ')}</td>
                <td>{node.nationalNumber.number}</td>
                <td>{node.activeTo ? instant(node.activeTo) : t('people.open')}</td>
              </tr>
            ))}
          </Table>
        )}
        <More page={list.page} onMore={list.more} />
      </Panel>
      <NewOrganisation onDone={again} />
      <RegistryChangesPanel organisationId={null} />
    </>
  );
}

export function ReferencesPage() {
  return (
    <>
      <Title>{t('nav.references')}</Title>
      <ProposalsPanel />
      <RestrictionsPanel />
      <RouteCountriesPanel />
      <PartiesPanel />
      <ReferenceVersionsPanel />
      <CodeListsPanel />
    </>
  );
}

function CodeListsPanel() {
  const list = usePages(CodeLists, { first: 20 }, ({ codeLists }) => partOf(codeLists));
  return (
    <Panel title={t('references.lists')}>
      <Refused refusal={list.refusal} again={list.again} />
      {!list.nodes && !list.refusal && <Waiting />}
      {list.nodes && (
        <Table caption={t('references.lists')} heads={[t('references.list'), t('references.codes')]}>
          {list.nodes.map((node) => (
            <tr key={node.name}>
              <td>{node.name}</td>
              <td className="num">{count(node.codes)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
    </Panel>
  );
}
