// What was changed in the register: never altered itself, newest first.
import { useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { instant, t, word } from '../app/texts';
import { RegistryChanges, type RegistryChangesAnswer } from '../generated/documents';
import { Button, Empty, More, Panel, Refused, Table, Waiting } from '../ui/parts';

type Change = RegistryChangesAnswer['registryChanges']['edges'][number]['node'];

/** The changes of an organisation, those of one's own, or to an administrator of all; asked for when they are opened. */
export function RegistryChangesPanel({ organisationId }: { organisationId: string | null }) {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={t('changes.title')}
      tools={
        <Button onClick={() => setOpen(!open)} aria-expanded={open}>
          {t(open ? 'changes.hide' : 'changes.show')}
        </Button>
      }
    >
      <p>{t('changes.words')}</p>
      {open && <Changes organisationId={organisationId} />}
    </Panel>
  );
}

function Changes({ organisationId }: { organisationId: string | null }) {
  const list = usePages(RegistryChanges, { organisationId, first: 50 }, ({ registryChanges }) =>
    partOf(registryChanges),
  );
  const { nodes, refusal, again } = list;
  return (
    <>
      <Refused refusal={refusal} again={again} />
      {!nodes && !refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('changes.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('changes.title')}
          heads={[
            t('ledger.at'),
            t('changes.what'),
            t('changes.actor'),
            t('changes.target'),
            t('changes.after'),
          ]}
        >
          {nodes.map((change) => (
            <tr key={change.id}>
              <td>{instant(change.at)}</td>
              <td>{word('change-of', change.what)}</td>
              <td>
                <code>{change.actor}</code>
              </td>
              <td>
                <code>{change.target}</code>
              </td>
              <td>
                <After change={change} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
    </>
  );
}

/** The state afterwards, as the register keeps it. */
function After({ change }: { change: Change }) {
  return (
    <details>
      <summary aria-label={`${t('letters.body')}: ${word('change-of', change.what)}, ${instant(change.at)}`}>
        {t('letters.body')}
      </summary>
      <code>{change.after}</code>
    </details>
  );
}
