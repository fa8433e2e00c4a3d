// One proposed file of reference data: what it would change, beside what stands, and the decision.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction, useAsk } from '../api/use';
import { count, day, instant, t, useLanguage, word } from '../app/texts';
import {
  ActivateImport,
  OneProposal,
  ProposedChanges,
  type ProposedChangesAnswer,
  ProposeImport,
  RefuseImport,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import {
  Back,
  Button,
  Empty,
  Facts,
  faultAt,
  More,
  Notice,
  Panel,
  Refused,
  State,
  Table,
  Tag,
  Title,
  Waiting,
} from '../ui/parts';
import { TextArea } from '../ui/TextArea';

const TONES = { ADDED: 'good', CHANGED: 'warn', REMOVED: 'bad' } as const;
type Change = ProposedChangesAnswer['proposedChanges']['edges'][number]['node'];

export default function ProposalPage({ parts }: { parts: Record<string, string> }) {
  const id = parts.id ?? '';
  const { data, refusal, again } = useAsk(OneProposal, { import: id });
  const proposal = data?.importProposal;
  return (
    <>
      <Back href="/desk/references" to="nav.references" />
      <Title>{proposal?.fileName ?? t('proposals.title')}</Title>
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {proposal && (
        <>
          <Panel title={t('proposals.what')}>
            <Facts
              rows={[
                [t('proposals.state'), <State key="state" family="proposal" name={proposal.state} />],
                [t('references.dataset'), word('dataset', proposal.dataset)],
                [t('proposals.base'), proposal.base === 0 ? t('proposals.base.none') : String(proposal.base)],
                [t('references.added'), count(proposal.added)],
                [t('references.changed'), count(proposal.changed)],
                [t('references.removed'), count(proposal.removed)],
                [t('proposals.unchanged'), count(proposal.unchanged)],
                [t('proposals.at'), instant(proposal.proposedAt)],
                proposal.state === 'AWAITING' && [t('proposals.until'), instant(proposal.decideBy)],
                proposal.decidedAt ? [t('proposals.decided'), instant(proposal.decidedAt)] : null,
                proposal.reason ? [t('officer.reason'), proposal.reason] : null,
                proposal.number ? [t('proposals.number'), String(proposal.number)] : null,
                ['SHA-256', <code key="sha256">{proposal.sha256}</code>],
                [
                  t('references.lists'),
                  proposal.lists.map((list) => `${list.name} (${count(list.entries)})`).join(', '),
                ],
              ]}
            />
          </Panel>
          {/* A difference that is told anew is another. */}
          <Changes key={proposal.proposedAt} id={id} />
          {proposal.state === 'AWAITING' && (
            <Decision id={id} base={proposal.base} own={proposal.own} onDone={again} />
          )}
        </>
      )}
    </>
  );
}

function Changes({ id }: { id: string }) {
  const language = useLanguage();
  const list = usePages(ProposedChanges, { import: id, first: 100 }, (answer) =>
    partOf(answer.proposedChanges),
  );
  const changes = list.nodes;
  if (!changes) return <Refused refusal={list.refusal} again={list.again} />;
  const named = (labels: Change['before']) =>
    (labels.find((label) => label.language === language) ?? labels[0])?.text ?? '–';
  return (
    <Panel title={t('proposals.changes')}>
      <Refused refusal={list.refusal} />
      {changes.length === 0 && <Empty>{t('proposals.changes.none')}</Empty>}
      {changes.length > 0 && (
        <Table
          caption={t('proposals.changes')}
          heads={[
            t('proposals.becomes'),
            t('references.list'),
            t('references.code'),
            t('proposals.before'),
            t('proposals.after'),
            t('guarantee.from'),
            t('people.until'),
          ]}
        >
          {changes.map((change, at) => (
            <tr key={at}>
              <td>
                <Tag tone={TONES[change.kind]}>{word('change', change.kind)}</Tag>
              </td>
              <td>{change.list}</td>
              <td>{change.code}</td>
              <td>{named(change.before)}</td>
              <td>{named(change.after)}</td>
              <td>{day(change.validFrom)}</td>
              <td>{day(change.validTo) || t('people.open')}</td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
    </Panel>
  );
}

function Decision({
  id,
  base,
  own,
  onDone,
}: {
  id: string;
  base: number;
  own: boolean;
  onDone: () => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const action = useAction();
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await onDone();
    });
  const activate = () =>
    run(async () => {
      if (await sure(t('proposals.activate'), 'proposals.activate.sure'))
        await ask(ActivateImport, { input: { import: id, base } });
    });
  const refuse = (event: FormEvent) => {
    event.preventDefault();
    run(() => ask(RefuseImport, { input: { import: id, reason } }));
  };
  return (
    <Panel title={t('proposals.decide')}>
      <Refused refusal={action.refusal} />
      {own ? (
        <>
          <Notice tone="neutral">{t('proposals.own')}</Notice>
          <p>
            <Button
              busy={action.busy}
              onClick={() => run(() => ask(ProposeImport, { input: { import: id } }))}
            >
              {t('proposals.again')}
            </Button>
          </p>
        </>
      ) : (
        <>
          <p>{t('proposals.activate.words')}</p>
          <p>
            <Button kind="main" busy={action.busy} onClick={activate}>
              {t('proposals.activate')}
            </Button>
          </p>
        </>
      )}
      <form className="plain" onSubmit={refuse} noValidate>
        <TextArea
          label={t('officer.reason')}
          value={reason}
          onChange={setReason}
          error={faultAt(action.refusal, '/reason')}
          rows={2}
          maxLength={500}
        />
        <div>
          <Button type="submit" busy={action.busy}>
            {t(own ? 'proposals.withdraw' : 'proposals.refuse')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
