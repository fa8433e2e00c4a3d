// The versions of the reference data, and what each has changed, entry by entry.
import { useCallback, useEffect, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { count, day, instant, label, t, word } from '../app/texts';
import { ReferenceChanges, type ReferenceChangesAnswer, ReferenceVersions } from '../generated/documents';
import { Button, Dialog, Empty, More, Panel, Refused, Table, Tag, type Tone, Waiting } from '../ui/parts';

type Change = ReferenceChangesAnswer['referenceChanges']['edges'][number]['node'];
const TONES: Readonly<Record<string, Tone>> = { ADDED: 'good', CHANGED: 'busy', REMOVED: 'warn' };

export function ReferenceVersionsPanel() {
  const versions = usePages(ReferenceVersions, { first: 20 }, ({ referenceVersions }) =>
    partOf(referenceVersions),
  );
  const [shown, setShown] = useState<number | null>(null);
  return (
    <Panel title={t('references.versions')}>
      <Refused refusal={versions.refusal} again={versions.again} />
      {!versions.nodes && !versions.refusal && <Waiting />}
      {versions.nodes && (
        <Table
          caption={t('references.versions')}
          heads={[
            t('ledger.number'),
            t('references.dataset'),
            t('ledger.at'),
            t('references.added'),
            t('references.changed'),
            t('references.removed'),
            t('references.source'),
            '',
          ]}
        >
          {versions.nodes.map((node) => (
            <tr key={node.number}>
              <td className="num">{node.number}</td>
              <td>{word('dataset', node.dataset)}</td>
              <td>{instant(node.importedAt)}</td>
              <td className="num">{count(node.added)}</td>
              <td className="num">{count(node.changed)}</td>
              <td className="num">{count(node.removed)}</td>
              <td>{node.source}</td>
              <td>
                <Button
                  kind="quiet"
                  aria-label={`${t('references.differences')}: ${node.number}`}
                  onClick={() => setShown(node.number)}
                >
                  {t('references.differences')}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={versions.page} onMore={versions.more} />
      {shown !== null && <Differences number={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

/** What one version has changed. */
function Differences({ number, onClose }: { number: number; onClose: () => void }) {
  const [changes, setChanges] = useState<readonly Change[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const { run, refusal } = useAction();
  const fetchMore = useCallback(
    (after: string | null) =>
      run(async () => {
        const { referenceChanges } = await ask(ReferenceChanges, { since: number - 1, first: 100, after });
        const nodes = referenceChanges.edges.map(({ node }) => node);
        const mine = nodes.filter((node) => node.number === number);
        setChanges((before) => [...(after ? (before ?? []) : []), ...mine]);
        // They come in the order of the versions: once another one begins, this one is told.
        const { hasNextPage, endCursor } = referenceChanges.pageInfo;
        setNext(hasNextPage && mine.length === nodes.length ? (endCursor ?? null) : null);
      }),
    [number, run],
  );
  useEffect(() => {
    fetchMore(null);
  }, [fetchMore]);
  return (
    <Dialog title={t('references.differences-of', { number })} onClose={onClose}>
      <Refused refusal={refusal} />
      {!changes && !refusal && <Waiting />}
      {changes?.length === 0 && <Empty>{t('references.no-entries')}</Empty>}
      {changes && changes.length > 0 && (
        <Table
          caption={t('references.differences-of', { number })}
          heads={[t('references.list'), t('references.entry'), t('references.kind'), t('references.days')]}
        >
          {changes.map((change, at) => (
            <tr key={at}>
              <td>{change.list}</td>
              <td>
                <strong>{change.code}</strong> {label(change.labels)}
              </td>
              <td>
                <Tag tone={TONES[change.kind]}>{word('change', change.kind)}</Tag>
              </td>
              <td>
                {day(change.validFrom)} – {day(change.validTo) || t('people.open')}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={{ hasNextPage: next !== null }} onMore={() => fetchMore(next)} />
      <Button onClick={onClose}>{t('close')}</Button>
    </Dialog>
  );
}
