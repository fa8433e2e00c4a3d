// How much of a guarantee was in use after each posting of its ledger, in whole hundredths until it is drawn.
import { count, instant, t } from '../app/texts';
import type { GuaranteeLedgerAnswer } from '../generated/documents';

export type Posting = Pick<
  GuaranteeLedgerAnswer['guaranteeLedger']['edges'][number]['node'],
  'amount' | 'postedAt' | 'reason'
>;

/** What each posting adds to what is held. */
const EFFECT: Readonly<Record<string, 1n | -1n>> = { hold: 1n, raise: 1n, reduce: -1n, free: -1n, call: -1n };

/** The amount in use after each posting, walked back from what is in use now. */
export function plotOf(newestFirst: readonly Posting[], now: string) {
  let inUse = minor(now);
  const points: Array<{ at: string; value: bigint }> = [];
  for (const posting of newestFirst) {
    points.push({ at: posting.postedAt, value: inUse });
    inUse -= (EFFECT[posting.reason] ?? 0n) * minor(posting.amount?.amount ?? '0');
  }
  points.reverse();
  return {
    kind: 'steps' as const,
    labels: points.map(({ at }) => instant(at)),
    series: [{ name: t('guarantee.total'), values: points.map(({ value }) => Number(value) / 100) }],
    say: (value: number) => count(value),
  };
}

/** A decimal amount in whole hundredths. */
function minor(amount: string): bigint {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole + part.padEnd(2, '0').slice(0, 2));
}
