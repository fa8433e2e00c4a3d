// Reference data under four eyes: files that were proposed, and proposing one.
import { type FormEvent, useId, useState } from 'react';
import { base64Of } from '../api/files';
import { ask, Refusal } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { go, Link } from '../app/router';
import { count, instant, t, word } from '../app/texts';
import { AddImportChunk, BeginImport, Proposals, ProposeImport } from '../generated/documents';
import {
  Button,
  described,
  Empty,
  Labelled,
  More,
  Panel,
  Refused,
  State,
  Table,
  TextField,
  Waiting,
} from '../ui/parts';

const OCTETS_MAX = 64 * 1024 * 1024;

export function ProposalsPanel() {
  const list = usePages(Proposals, { first: 20 }, ({ importProposals }) => partOf(importProposals));
  const { nodes, refusal, again } = list;
  return (
    <Panel title={t('proposals.title')}>
      <p>{t('proposals.words')}</p>
      <Refused refusal={refusal} again={again} />
      {!nodes && !refusal && <Waiting />}
      {nodes?.length === 0 && <Empty>{t('proposals.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('proposals.title')}
          heads={[
            t('proposals.file'),
            t('references.dataset'),
            t('proposals.state'),
            t('references.added'),
            t('references.changed'),
            t('references.removed'),
            t('proposals.at'),
          ]}
        >
          {nodes.map((node) => (
            <tr key={node.import}>
              <td>
                <Link href={`/desk/references/${node.import}`}>{node.fileName}</Link>
              </td>
              <td>{word('dataset', node.dataset)}</td>
              <td>
                <State family="proposal" name={node.state} />
              </td>
              <td className="num">{count(node.added)}</td>
              <td className="num">{count(node.changed)}</td>
              <td className="num">{count(node.removed)}</td>
              <td>{instant(node.proposedAt)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
      <NewProposal />
    </Panel>
  );
}

function NewProposal() {
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [dataset, setDataset] = useState('');
  const [missing, setMissing] = useState(false);
  const [sent, setSent] = useState(0);
  const action = useAction();
  const propose = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!file);
    if (!file) return;
    action.run(async () => {
      const proposal = await send(file, dataset.trim() || null, setSent);
      go(`/desk/references/${proposal}`);
    });
  };
  const error = missing ? t('proposals.file.missing') : undefined;
  return (
    <form className="plain" onSubmit={propose} noValidate>
      <h3>{t('proposals.new')}</h3>
      <Refused refusal={action.refusal} />
      <div className="fields">
        <Labelled id={id} label={t('proposals.file')} hint={t('proposals.file.hint')} error={error}>
          <input
            id={id}
            type="file"
            accept=".json,.csv,.gz,application/json,text/csv,application/gzip"
            aria-describedby={described(id, true, error)}
            aria-invalid={error ? true : undefined}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </Labelled>
        <TextField
          label={`${t('references.dataset')} ${t('form.optional')}`}
          hint={t('proposals.dataset.hint')}
          value={dataset}
          onChange={setDataset}
          maxLength={40}
        />
      </div>
      <div>
        <Button type="submit" kind="main" busy={action.busy}>
          {t('proposals.propose')}
        </Button>{' '}
        {action.busy && file && (
          <span role="status">{t('proposals.sent', { part: Math.round((sent / file.size) * 100) })}</span>
        )}
      </div>
    </form>
  );
}

/** Announces `file`, sends it in chunks and proposes it; tells the import. */
async function send(file: File, dataset: string | null, onSent: (octets: number) => void): Promise<string> {
  if (file.size > OCTETS_MAX) throw new Refusal('', { code: 'too-large', status: 413 });
  const octets = new Uint8Array(await file.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
  const sha256 = [...digest].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  const input = { fileName: file.name.slice(-255), size: octets.length, sha256, dataset };
  const { begun } = (await ask(BeginImport, { input })).beginImport;
  for (let at = 0, position = 0; at < octets.length; at += begun.chunkBytesMax, position += 1) {
    const base64 = base64Of(octets.subarray(at, at + begun.chunkBytesMax));
    await ask(AddImportChunk, { input: { import: begun.import, position, base64 } });
    onSent(at);
  }
  onSent(octets.length);
  return (await ask(ProposeImport, { input: { import: begun.import } })).proposeImport.proposal.import;
}
