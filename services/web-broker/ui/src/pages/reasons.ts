// Why something happened to a movement: the suite writes its own reasons in English, with the facts in them; here they are told in the
// language of the reader. What a person has written is left as it was written.
import { type Key, money, t } from '../app/texts';
import type { TimelineParts } from '../generated/documents';

type Places = Readonly<Record<string, string>>;

/** What a risk decision may rest on, by the kind of the rule; the rest explains single steps. */
const RULES = {
  measure: 'reason.rule.measure',
  standing: 'reason.rule.standing',
  guarantee: 'reason.rule.guarantee',
} as const satisfies Record<string, Key>;

const GRN = '(?<grn>\\S+)';
const AMOUNT = (name: string) => `(?<${name}>\\d+(?:\\.\\d+)? [A-Z]{3})`;

const SENTENCES: ReadonlyArray<readonly [RegExp, Key, Key?]> = [
  [/^no measure applies$/, 'reason.no-measure', RULES.measure],
  [/^goods (?<code>\d+) are to be controlled: (?<why>.*)$/, 'reason.goods', RULES.measure],
  [/^AEO /, 'reason.aeo', RULES.standing],
  [/^C521 /, 'reason.c521', RULES.standing],
  [/^C523 /, 'reason.c523', RULES.standing],
  [/^C524 /, 'reason.c524', RULES.standing],
  [/^guarantee 0: /, 'reason.guarantee-0', RULES.guarantee],
  [/^guarantee 5: /, 'reason.guarantee-5', RULES.guarantee],
  [/^guarantee 8: /, 'reason.guarantee-8', RULES.guarantee],
  [/^guarantee A: /, 'reason.guarantee-a', RULES.guarantee],
  [/^guarantee B: /, 'reason.guarantee-b', RULES.guarantee],
  [/^guarantee J, R: /, 'reason.guarantee-jr', RULES.guarantee],
  [
    new RegExp(`^guarantee ${GRN} of type (?<type>.) covers ${AMOUNT('amount')}: the undertaking is waived`),
    'reason.covers-waived',
    RULES.guarantee,
  ],
  [
    new RegExp(`^guarantee ${GRN} of type (?<type>.) covers ${AMOUNT('amount')}: the whole`),
    'reason.covers-whole',
    RULES.guarantee,
  ],
  [
    new RegExp(
      `^guarantee ${GRN} of type (?<type>.) covers ${AMOUNT('amount')}: (?<percent>\\d+) % [^.]*?(?: by authorisation (?<number>.*))?$`,
    ),
    'reason.covers-part',
    RULES.guarantee,
  ],
  [
    new RegExp(
      `^headroom of ${GRN}: ${AMOUNT('left')} of the reference amount of ${AMOUNT('amount')} \\((?<percent>\\d+) %\\)$`,
    ),
    'reason.headroom',
    RULES.guarantee,
  ],
  [new RegExp(`^headroom of ${GRN} is low: (?<percent>\\d+) %`), 'reason.headroom-low', RULES.guarantee],
  [/^the risk decision asks for a control$/, 'reason.risk-control'],
  [/^signed content (?<hash>.*)$/, 'reason.signed'],
  [/^released by the office of departure$/, 'reason.released'],
  [/^authorised consignor, no control in time$/, 'reason.consignor'],
  [/^accepted by an officer$/, 'reason.accepted'],
  [/^exit, seals intact$/, 'reason.exit-intact'],
  [/^exit, seals not intact$/, 'reason.exit-broken'],
  [/^entry, seals intact$/, 'reason.entry-intact'],
  [/^entry, seals not intact$/, 'reason.entry-broken'],
  [/^arrival at (?<office>\S+)$/, 'reason.arrival'],
  [/^arrival seen at (?<office>\S+)$/, 'reason.arrival-seen'],
  [/^A2 conform unloading remarks of an authorised consignee, no control in time$/, 'reason.conform'],
  [/^code (?<code>[1-8]), endorsed: (?<why>.*)$/s, 'reason.incident-endorsed'],
  [/^code (?<code>[1-8]), endorsed on the way: (?<why>.*)$/s, 'reason.incident-endorsed-way'],
  [/^code (?<code>[1-8]), not endorsed: (?<why>.*)$/s, 'reason.incident-not-endorsed'],
  [/^code (?<code>[1-8]): (?<why>.*)$/s, 'reason.incident-reported'],
  [/^the goods are said to have been at (?<office>\S+)$/, 'reason.said-at'],
  [/^no reason given$/, 'reason.none'],
  [/^the holder does not want the release$/, 'reason.release-declined'],
  [/^the guarantees are free$/, 'reason.free'],
  [/^the goods were not presented in time$/, 'reason.not-presented'],
  [/^the guarantees were not amended in time$/, 'reason.guarantees-late'],
  [/^the declaration was not amended in time$/, 'reason.amendment-late'],
  [/^the release was not asked for in time$/, 'reason.release-late'],
  [/^the release waits for a decision longer than it should$/, 'reason.decision-late'],
  [/^the goods have not arrived within the time limit$/, 'reason.not-arrived'],
  [/^no office has recorded the arrival of the goods$/, 'reason.no-arrival'],
  [/^the enquiry has had no result$/, 'reason.no-result'],
  [/^the discrepancies were not solved in time$/, 'reason.discrepancies-late'],
  [/^the holder has not answered in time$/, 'reason.no-answer'],
  [/^the holder has not paid(?: in time)?$/, 'reason.not-paid'],
  [/^paid under (?<reference>.*)$/, 'reason.paid'],
  [new RegExp(`^called for ${AMOUNT('amount')}$`), 'reason.called'],
  [/^(?<office>\S+) takes the place of (?<other>\S+): (?<why>.*)$/, 'reason.diverted'],
];

/** An amount in the way of the reader. */
function amountOf(text: string): string {
  const [amount = '', currency = ''] = text.split(' ');
  return money({ amount, currency });
}

function placesOf(found: Places): Places {
  const amounts = ['amount', 'left'];
  const entries = Object.entries(found).map(([name, value]) => [
    name,
    amounts.includes(name) && value ? amountOf(value) : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}

/** A reason in the reader's language, and the rule it rests on; as it stands where a person wrote it. */
export function told(reason: string): { text: string; rule: string | null; known: boolean } {
  for (const [pattern, text, rule] of SENTENCES) {
    const found = pattern.exec(reason);
    if (!found) continue;
    const places = { number: '', ...placesOf((found.groups ?? {}) as Places) };
    return { text: t(text, places), rule: rule ? t(rule) : null, known: true };
  }
  return { text: reason, rule: null, known: false };
}

/** The risk decision of a movement: why goods go through the red or the green channel; `null` before it. */
export function riskOf(timeline: readonly TimelineParts[]) {
  const entry = [...timeline].reverse().find(({ event }) => RISK_EVENTS.includes(event));
  if (!entry) return null;
  const reasons = entry.reasons.map((reason) => ({ reason, ...told(reason) }));
  return { at: entry.at, sequence: entry.sequence, reasons };
}

const RISK_EVENTS = ['guarantee-registered'];
