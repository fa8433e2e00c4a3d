// How much of a guarantee was in use over time, from its ledger.
import { useEffect, useMemo, useState } from 'react';
import { ask, type Refusal } from '../api/graphql';
import { asRefusal } from '../api/use';
import { t, useLanguage } from '../app/texts';
import { type ContractParts, GuaranteeLedger, type GuaranteeLedgerAnswer } from '../generated/documents';
import { Chart } from '../ui/Chart';
import { Empty, Panel, Refused, Waiting } from '../ui/parts';
import { type Posting, plotOf } from './in-use';

const PAGES_MOST = 10;

export function GuaranteeUse({ contract }: { contract: ContractParts }) {
  const [open, setOpen] = useState(true);
  return (
    <Panel title={t('guarantee.over-time')}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('chart.show')}</summary>
        {open && <OverTime contract={contract} />}
      </details>
    </Panel>
  );
}

function OverTime({ contract }: { contract: ContractParts }) {
  const language = useLanguage();
  const [postings, setPostings] = useState<readonly Posting[] | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { id, version } = contract;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version has other postings
  useEffect(() => {
    let over = false;
    everyPosting(id).then(
      (found) => !over && setPostings(found),
      (error) => !over && setRefusal(asRefusal(error)),
    );
    return () => {
      over = true;
    };
  }, [id, version]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: dates are told in the reader's language
  const plot = useMemo(
    () => postings && plotOf(postings, contract.runningTotal?.amount ?? '0'),
    [postings, contract.runningTotal?.amount, language],
  );
  if (refusal) return <Refused refusal={refusal} />;
  if (!plot) return <Waiting />;
  if (postings?.length === 0) return <Empty>{t('ledger.none')}</Empty>;
  return <Chart label={t('guarantee.over-time')} plot={plot} />;
}

async function everyPosting(reference: string): Promise<Posting[]> {
  const found: Posting[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MOST; page++) {
    const answer: GuaranteeLedgerAnswer = await ask(GuaranteeLedger, { reference, first: 100, after });
    found.push(...answer.guaranteeLedger.edges.map(({ node }) => node));
    if (!answer.guaranteeLedger.pageInfo.hasNextPage) break;
    after = answer.guaranteeLedger.pageInfo.endCursor;
  }
  return found;
}
