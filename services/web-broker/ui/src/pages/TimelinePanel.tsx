// Everything that happened to a movement, newest first: who decided, where, and why.

import { clock, day, t, word } from '../app/texts';
import type { TimelineParts } from '../generated/documents';
import { useName } from '../ui/Names';
import { Panel } from '../ui/parts';
import { riskOf, told } from './reasons';

type Props = { timeline: readonly TimelineParts[]; officer: boolean };

/** Officers have the risk decision in a panel of its own: it is not told twice. */
export function TimelinePanel({ timeline, officer }: Props) {
  const risk = officer ? riskOf(timeline)?.sequence : undefined;
  return (
    <Panel title={t('movement.timeline')}>
      <ol className="timeline" aria-live="polite">
        {[...timeline].reverse().map((entry) => (
          <Entry key={entry.sequence} entry={entry} elsewhere={entry.sequence === risk} />
        ))}
      </ol>
    </Panel>
  );
}

function Entry({ entry, elsewhere }: { entry: TimelineParts; elsewhere: boolean }) {
  const office = useName('office', entry.office);
  return (
    <li className={toneOf(entry.state, entry.event)}>
      <div className="what">{word('event', entry.event)}</div>
      <div className="small">
        {day(entry.at)} {clock(entry.at)} · {word('by', entry.by)}
        {entry.office && ` · ${[entry.office, office].filter(Boolean).join(' ')}`}
      </div>
      {elsewhere ? (
        <div className="small">{t('risk.see')}</div>
      ) : (
        entry.reasons.map((reason, at) => (
          <div key={at} className="small">
            {told(reason).text}
          </div>
        ))
      )}
    </li>
  );
}

const BAD = ['rejected', 'not-released', 'control-failed', 'release-refused', 'guarantee-refused'];
const GOOD = ['released', 'written-off', 'crossed', 'arrived', 'control-passed'];

function toneOf(state: string, event: string): string {
  if (BAD.includes(state) || BAD.includes(event)) return 'bad';
  if (GOOD.includes(event)) return 'good';
  return event === 'control-ordered' ? 'warn' : '';
}
