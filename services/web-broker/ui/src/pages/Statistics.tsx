// The counters of a month: what was released, arrived and discharged, between which countries.
import { useEffect, useMemo, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAsk } from '../api/use';
import { count, t, useLanguage, word } from '../app/texts';
import { StatisticsMonths, TransitCounters, type TransitCountersAnswer } from '../generated/documents';
import { Chart } from '../ui/Chart';
import { Empty, More, Panel, Refused, SelectField, Table, Title, Waiting } from '../ui/parts';

/** How many months are drawn at most. */
const MONTHS_MOST = 12;

type Sums = { month: string; released: number; arrived: number; discharged: number };

/** What was released, arrived and discharged in each of the last months. */
function Months({ months }: { months: readonly string[] }) {
  const language = useLanguage();
  const [sums, setSums] = useState<readonly Sums[] | null>(null);
  const wanted = months.join();
  useEffect(() => {
    let over = false;
    Promise.all(wanted.split(',').map(summed)).then(
      (found) => !over && setSums(found),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: numbers are told in the reader's language
  const plot = useMemo(
    () =>
      sums && {
        kind: 'bars' as const,
        labels: sums.map(({ month }) => month),
        series: (['released', 'arrived', 'discharged'] as const).map((name) => ({
          name: word('statistics', name),
          values: sums.map((one) => one[name]),
        })),
        say: count,
      },
    [sums, language],
  );
  if (!sums || !plot) return null;
  return (
    <Panel title={t('statistics.months')}>
      <Chart label={t('statistics.months')} plot={plot} />
      <Table
        caption={t('statistics.months')}
        heads={[
          t('statistics.month'),
          t('statistics.released'),
          t('statistics.arrived'),
          t('statistics.discharged'),
        ]}
      >
        {sums.map((one) => (
          <tr key={one.month}>
            <td>{one.month}</td>
            <td className="num">{count(one.released)}</td>
            <td className="num">{count(one.arrived)}</td>
            <td className="num">{count(one.discharged)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

/** The counters of a month, added up over all pages. */
async function summed(month: string): Promise<Sums> {
  const sums = { month, released: 0, arrived: 0, discharged: 0 };
  let after: string | null = null;
  do {
    const { transitCounters }: TransitCountersAnswer = await ask(TransitCounters, {
      input: { month, first: 100, after },
    });
    for (const row of transitCounters.items.filter((one) => one.transitCountry === null)) {
      sums.released += row.released;
      sums.arrived += row.arrived;
      sums.discharged += row.discharged;
    }
    after = transitCounters.next;
  } while (after);
  return sums;
}

export function StatisticsPage() {
  const months = usePages(StatisticsMonths, { first: 100 }, ({ statisticsMonths }) =>
    partOf(statisticsMonths),
  );
  const [chosen, setChosen] = useState('');
  const all = months.nodes?.map(({ month: one }) => one).sort() ?? [];
  const month = chosen || all.at(-1) || '';
  const counters = useAsk(TransitCounters, month ? { input: { month, first: 1 } } : null);
  const list = usePages(
    TransitCounters,
    month ? { input: { month, first: 100 } } : null,
    ({ transitCounters }) => ({ nodes: transitCounters.items, next: transitCounters.next }),
    ({ input }, after) => ({ input: { ...input, after } }),
  );
  const { data } = counters;
  const rows = list.nodes?.filter((row) => row.transitCountry === null);
  return (
    <>
      <Title>{t('nav.statistics')}</Title>
      <Refused refusal={months.refusal ?? list.refusal} again={list.again} />
      {!months.nodes && !months.refusal && <Waiting />}
      {months.nodes && all.length === 0 && <Empty>{t('statistics.none')}</Empty>}
      {all.length > 0 && <Months months={all.slice(-MONTHS_MOST)} />}
      {all.length > 0 && (
        <Panel>
          <div className="narrow">
            <SelectField
              label={t('statistics.month')}
              value={month}
              onChange={setChosen}
              options={all.map((one) => [one, one])}
            />
          </div>
          {rows?.length === 0 && <Empty>{t('statistics.none')}</Empty>}
          {rows && rows.length > 0 && (
            <Table
              caption={t('nav.statistics')}
              heads={[
                t('statistics.from'),
                t('statistics.to'),
                t('movement.type'),
                t('statistics.released'),
                t('statistics.arrived'),
                t('statistics.discharged'),
                t('movement.items'),
                t('statistics.mass'),
              ]}
            >
              {rows.map((row) => (
                <tr key={`${row.country}${row.partner}${row.declarationType}`}>
                  <td>{row.country}</td>
                  <td>{row.partner}</td>
                  <td>{row.declarationType}</td>
                  <td className="num">{count(row.released)}</td>
                  <td className="num">{count(row.arrived)}</td>
                  <td className="num">{count(row.discharged)}</td>
                  <td className="num">{count(row.items)}</td>
                  <td className="num">{row.grossMass.replace(/\.?0+$/, '')}</td>
                </tr>
              ))}
            </Table>
          )}
          <More page={list.page} onMore={list.more} />
          {data && (
            <p className="small">
              {t('statistics.watermark', { watermark: data.transitCounters.watermark })}{' '}
              <code>{data.transitCounters.sha256}</code>
            </p>
          )}
        </Panel>
      )}
    </>
  );
}
