// The drafts of an organisation: all of them part by part, and found by what they are called.
import { useEffect, useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { Link } from '../app/router';
import { ago, count, instant, t } from '../app/texts';
import { Drafts } from '../generated/documents';
import { Button, Empty, More, Panel, Refused, Table, TextField, Waiting } from '../ui/parts';

/** From how many drafts on a search is offered. */
const MANY = 6;

export function DraftsPanel({ busy, onCopy }: { busy: boolean; onCopy: (id: string) => void }) {
  const list = usePages(Drafts, { first: 20 }, ({ drafts }) => partOf(drafts));
  const [search, setSearch] = useState('');
  const { nodes, refusal, page, more, busy: fetching } = list;
  const wanted = search.trim().toLowerCase();
  // The suite has no search in names of drafts: they are looked through here, all of them while somebody searches.
  const further = wanted !== '' && page.hasNextPage && !fetching;
  useEffect(() => {
    if (further) more();
  }, [further, more]);
  const shown = nodes?.filter(
    ({ title, keeperName }) =>
      title.toLowerCase().includes(wanted) || keeperName?.toLowerCase().includes(wanted),
  );
  return (
    <Panel title={t('desk.drafts')}>
      <Refused refusal={refusal} again={list.again} />
      {!nodes && !refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('desk.no-drafts')}</Empty>}
      {nodes && (nodes.length > MANY || wanted) && (
        <search>
          <TextField
            label={t('desk.drafts.search')}
            hint={t('desk.drafts.search.hint')}
            value={search}
            onChange={setSearch}
          />
          <p className="unseen" role="status">
            {wanted && shown && t('desk.drafts.found', { count: count(shown.length) })}
          </p>
        </search>
      )}
      {nodes && nodes.length > 0 && shown?.length === 0 && <Empty>{t('desk.drafts.none')}</Empty>}
      {shown && shown.length > 0 && (
        <Table caption={t('desk.drafts')} heads={[t('draft.name'), t('draft.saved'), t('draft.expires'), '']}>
          {shown.map((node) => (
            <tr key={node.id}>
              <td>
                <Link href={`/desk/drafts/${node.id}`}>{node.title}</Link>
                <div className="small">
                  {node.lock
                    ? t('draft.at-work', { name: node.lock.holderName ?? node.lock.holder })
                    : node.keeperName}
                </div>
              </td>
              <td>{instant(node.savedAt)}</td>
              <td>{ago(node.expiresAt)}</td>
              <td>
                <Button
                  kind="quiet"
                  busy={busy}
                  onClick={() => onCopy(node.id)}
                  aria-label={`${t('draft.copy')}: ${node.title}`}
                >
                  {t('draft.copy')}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {!wanted && <More page={page} onMore={more} />}
    </Panel>
  );
}
