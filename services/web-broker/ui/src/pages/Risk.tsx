// The risk decision about a movement, for officers: the channel, and every reason with the rule it rests on.
import { instant, t } from '../app/texts';
import type { MovementParts, TimelineParts } from '../generated/documents';
import { Panel, Table } from '../ui/parts';
import { Channel } from './Queue';
import { riskOf } from './reasons';

export function Risk({
  movement,
  timeline,
}: {
  movement: MovementParts;
  timeline: readonly TimelineParts[];
}) {
  const risk = riskOf(timeline);
  if (!risk || !movement.channel) return null;
  return (
    <Panel title={t('risk.title')} tools={<Channel channel={movement.channel} />}>
      <p>{t(movement.channel === 'red' ? 'risk.red' : 'risk.green', { at: instant(risk.at) })}</p>
      <Table caption={t('risk.title')} heads={[t('risk.rule'), t('risk.reason')]}>
        {risk.reasons.map(({ reason, text, rule }) => (
          <tr key={reason}>
            <th scope="row">{rule ?? t('reason.rule.other')}</th>
            <td>{text}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
