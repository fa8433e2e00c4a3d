// How the work stands at each office of an officer: how much waits, how long, and how much of it is late.
import { useEffect } from 'react';
import { useAsk } from '../api/use';
import { ago, count, t } from '../app/texts';
import { OfficeQueue } from '../generated/documents';
import { NamedInline } from '../ui/Names';
import { Button } from '../ui/parts';

/** How many entries are counted; more are told as more. */
const COUNTED = 100;

type Props = { offices: readonly string[]; chosen: string; news: number; onChoose: (office: string) => void };

/** A tile for each office; `news` says that something has come. */
export function QueueOffices({ offices, chosen, news, onChoose }: Props) {
  return (
    <div className="tiles">
      {offices.map((office) => (
        <OneOffice
          key={office}
          office={office}
          chosen={office === chosen}
          news={news}
          onChoose={offices.length > 1 ? () => onChoose(office) : undefined}
        />
      ))}
    </div>
  );
}

function OneOffice({
  office,
  chosen,
  news,
  onChoose,
}: {
  office: string;
  chosen: boolean;
  news: number;
  onChoose?: () => void;
}) {
  const { data, again } = useAsk(OfficeQueue, { office, first: COUNTED, order: 'WAITING' });
  useEffect(() => {
    if (news > 0) again();
  }, [news, again]);
  const entries = data?.officeQueue.edges.map(({ node }) => node) ?? [];
  const more = data?.officeQueue.pageInfo.hasNextPage ? '+' : '';
  const late = entries.filter(({ dueAt }) => dueAt && Date.parse(dueAt) < Date.now()).length;
  const oldest = entries[0]?.since;
  return (
    <div className="tile" data-office={office}>
      <div className="small">
        <NamedInline code={office} />
      </div>
      <div className="figure">{data ? `${count(entries.length)}${more}` : '–'}</div>
      <div className="small">
        {oldest ? t('queue.oldest', { ago: ago(oldest) }) : data && t('queue.none')}
        {late > 0 && ` · ${t('queue.late', { count: count(late) })}`}
      </div>
      {onChoose && (
        <Button
          kind="quiet"
          aria-pressed={chosen}
          aria-label={`${t('queue.choose')}: ${office}`}
          onClick={onChoose}
        >
          {t('queue.choose')}
        </Button>
      )}
    </div>
  );
}
