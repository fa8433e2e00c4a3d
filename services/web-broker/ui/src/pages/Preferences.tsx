// Of what an organisation is told, and where: at the desk, and by each of its webhooks.
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { t, word } from '../app/texts';
import { Webhooks as AskWebhooks, ChangeWebhook, Preferences, SavePreferences } from '../generated/documents';
import { Panel, Refused, Table, Waiting } from '../ui/parts';

/** The word for a type of event. */
export const kindOf = (type: string) => type.replace('ecustoms.', '').replaceAll('.', '-');

export function PreferencesPanel() {
  const preferences = useAsk(Preferences, {});
  const webhooks = useAsk(AskWebhooks, { first: 100 });
  const action = useAction();
  const kinds = preferences.data?.notificationPreferences.kinds ?? [];
  const hooks = webhooks.data?.webhooks.edges.map(({ node }) => node) ?? [];
  const wants = (types: readonly string[], kind: string) => types.length === 0 || types.includes(kind);
  const aloud = (kind: string, on: boolean) =>
    action.run(async () => {
      const quiet = kinds.filter((one) => (one.kind === kind ? !on : !one.aloud)).map((one) => one.kind);
      await ask(SavePreferences, { input: { quiet } });
      await preferences.again();
    });
  const push = (hook: (typeof hooks)[number], kind: string, on: boolean) =>
    action.run(async () => {
      const all = kinds.map((one) => one.kind);
      const types = all.filter((one) => (one === kind ? on : wants(hook.types, one)));
      await ask(ChangeWebhook, { input: { id: hook.id, types: types.length === all.length ? [] : types } });
      await webhooks.again();
    });
  return (
    <Panel title={t('preferences.title')}>
      <p>{t('preferences.words')}</p>
      <Refused refusal={preferences.refusal ?? webhooks.refusal ?? action.refusal} />
      {!preferences.data && !preferences.refusal && <Waiting />}
      {kinds.length > 0 && (
        <Table
          caption={t('preferences.title')}
          heads={[t('preferences.kind'), t('preferences.desk'), ...hooks.map(({ url }) => url)]}
        >
          {kinds.map(({ kind, aloud: on }) => {
            const name = word('event-kind', kindOf(kind));
            return (
              <tr key={kind}>
                <th scope="row">{name}</th>
                <td>
                  <Tick
                    label={t('preferences.tick', { kind: name, where: t('preferences.desk') })}
                    on={on}
                    busy={action.busy}
                    onChange={(next) => aloud(kind, next)}
                  />
                </td>
                {hooks.map((hook) => {
                  const wanted = wants(hook.types, kind);
                  // A webhook that wants nothing would be one that wants everything: it is deleted instead.
                  const last = wanted && hook.types.length === 1;
                  return (
                    <td key={hook.id}>
                      <Tick
                        label={t('preferences.tick', { kind: name, where: hook.url })}
                        on={wanted}
                        busy={action.busy || last}
                        onChange={(next) => push(hook, kind, next)}
                      />
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </Table>
      )}
    </Panel>
  );
}

function Tick({
  label,
  on,
  busy,
  onChange,
}: {
  label: string;
  on: boolean;
  busy: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <span className="check">
      <input
        type="checkbox"
        aria-label={label}
        checked={on}
        aria-disabled={busy}
        onChange={(event) => !busy && onChange(event.target.checked)}
      />
    </span>
  );
}
