// Webhooks: addresses to which notifications are pushed, with a test button and the log of deliveries.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { instant, t, word } from '../app/texts';
import {
  Webhooks as AskWebhooks,
  DeleteWebhook,
  RegisterWebhook,
  RotateWebhookSecret,
  TestWebhook,
  WebhookDeliveries,
  type WebhookParts,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import { Button, Empty, More, Notice, Panel, Refused, Table, Tag, TextField } from '../ui/parts';

/** `onChange` is told when a webhook has come or gone. */
export function Webhooks({ onChange }: { onChange: () => void }) {
  const list = usePages(AskWebhooks, { first: 50 }, ({ webhooks }) => partOf(webhooks));
  const { nodes, refusal, again } = list;
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const action = useAction();
  const register = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const { registerWebhook } = await ask(RegisterWebhook, { input: { url } });
      setSecret(registerWebhook.registered.secret);
      setUrl('');
      await again();
      onChange();
    });
  };
  const changed = () => {
    again();
    onChange();
  };
  return (
    <Panel title={t('webhooks.title')}>
      <p>{t('webhooks.words')}</p>
      <Refused refusal={refusal ?? action.refusal} />
      {secret && (
        <Notice tone="good" title={t('webhooks.secret')}>
          <code>{secret}</code>
        </Notice>
      )}
      {nodes?.length === 0 && <Empty>{t('webhooks.none')}</Empty>}
      {nodes?.map((node) => (
        <OneWebhook key={node.id} webhook={node} onChange={changed} onSecret={setSecret} />
      ))}
      <More page={list.page} onMore={list.more} />
      <form className="plain narrow" onSubmit={register} noValidate>
        <TextField label={t('webhooks.url')} hint={t('webhooks.url.hint')} value={url} onChange={setUrl} />
        <div>
          <Button type="submit" busy={action.busy} disabled={!url.trim()}>
            {t('webhooks.register')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

type OneProps = { webhook: WebhookParts; onChange: () => void; onSecret: (secret: string) => void };

function OneWebhook({ webhook, onChange, onSecret }: OneProps) {
  const [open, setOpen] = useState(false);
  const deliveries = usePages(
    WebhookDeliveries,
    open ? { id: webhook.id, first: 20 } : null,
    ({ webhookDeliveries }) => partOf(webhookDeliveries),
  );
  const action = useAction();
  const input = { id: webhook.id };
  const test = () =>
    action.run(async () => {
      await ask(TestWebhook, { input });
      setOpen(true);
      await deliveries.again();
    });
  const rotate = () =>
    action.run(async () => {
      const { rotateWebhookSecret } = await ask(RotateWebhookSecret, { input });
      onSecret(rotateWebhookSecret.rotated.secret);
      onChange();
    });
  const remove = () =>
    action.run(async () => {
      const title = `${t('webhooks.delete')}: ${webhook.url}`;
      if (!(await sure(title, 'webhooks.delete.sure', { tone: 'danger' }))) return;
      await ask(DeleteWebhook, { input });
      onChange();
    });
  return (
    <Panel
      title={webhook.url}
      tools={
        <>
          <Button onClick={test} busy={action.busy}>
            {t('webhooks.test')}
          </Button>
          <Button onClick={() => setOpen(!open)} aria-expanded={open}>
            {t('webhooks.log')}
          </Button>
          <Button onClick={rotate}>{t('webhooks.rotate')}</Button>
          <Button kind="danger" onClick={remove}>
            {t('webhooks.delete')}
          </Button>
        </>
      }
    >
      <p className="small">
        <Tag tone={webhook.state === 'active' ? 'good' : 'bad'}>{word('webhook-state', webhook.state)}</Tag>{' '}
        {webhook.failures > 0 && t('webhooks.failures', { count: webhook.failures })}
      </p>
      <Refused refusal={action.refusal ?? deliveries.refusal} />
      {open && deliveries.nodes?.length === 0 && <Empty>{t('webhooks.no-deliveries')}</Empty>}
      {open && deliveries.nodes && deliveries.nodes.length > 0 && (
        <Table
          caption={t('webhooks.log')}
          heads={[
            t('ledger.at'),
            t('notifications.what'),
            t('movement.state'),
            t('letters.attempts'),
            t('webhooks.answer'),
          ]}
        >
          {deliveries.nodes.map((node) => (
            <tr key={node.id}>
              <td>{instant(node.createdAt)}</td>
              <td>
                <code>{node.eventType}</code>
              </td>
              <td>{word('delivery-state', node.state)}</td>
              <td className="num">{node.attempts}</td>
              <td>
                {node.lastStatus} <span className="small">{node.lastResponse}</span>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={deliveries.page} onMore={deliveries.more} />
    </Panel>
  );
}
