// The messages of a movement: each as a document, as it was sent, and with the report on its signature.
import { useState } from 'react';
import { ask, type Refusal } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { saveAs } from '../app/save';
import { instant, t, word } from '../app/texts';
import { Check } from '../form/Check';
import { useDefinition } from '../form/catalogue';
import { read } from '../form/json';
import { MessageEvidence, type MessageParts, OneMessage } from '../generated/documents';
import { Button, Dialog, Empty, More, Panel, Refused, Table, Tag, Waiting } from '../ui/parts';
import { Tabs } from '../ui/Tabs';
import { SignatureReport } from './SignatureReport';

/** `page` and `onMore` fetch the next part of the list, where it is fetched in parts. */
export function Messages({
  messages,
  refusal,
  page,
  onMore,
}: {
  messages: readonly MessageParts[] | null;
  refusal: Refusal | null;
  page?: { hasNextPage: boolean };
  onMore?: () => void;
}) {
  const [open, setOpen] = useState<MessageParts | null>(null);
  return (
    <Panel title={t('messages.title')}>
      <Refused refusal={refusal} />
      {!messages && !refusal && <Waiting />}
      {messages?.length === 0 && <Empty>{t('messages.none')}</Empty>}
      {messages && messages.length > 0 && (
        <Table
          caption={t('messages.title')}
          heads={[t('messages.message'), t('messages.direction'), t('messages.at')]}
        >
          {messages.map((message) => (
            <tr key={message.id}>
              <td>
                <Button kind="quiet" onClick={() => setOpen(message)} data-message={message.messageType}>
                  {word('message', message.messageType)}
                </Button>
                <span className="small"> {message.messageType}</span>
              </td>
              <td>
                <Tag tone={message.direction === 'received' ? 'neutral' : 'busy'}>
                  {word('direction', message.direction)}
                </Tag>
              </td>
              <td>{instant(message.at)}</td>
            </tr>
          ))}
        </Table>
      )}
      {onMore && <More page={page} onMore={onMore} />}
      {open && <OneMessageDialog message={open} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

type Shown = 'document' | 'xml' | 'signature';

function OneMessageDialog({ message, onClose }: { message: MessageParts; onClose: () => void }) {
  const [shown, setShown] = useState<Shown>('document');
  const views: Shown[] =
    message.direction === 'received' ? ['document', 'xml', 'signature'] : ['document', 'xml'];
  return (
    <Dialog title={`${word('message', message.messageType)} · ${message.messageType}`} onClose={onClose}>
      <Tabs
        label={t('messages.views')}
        tabs={views.map((one) => [one, word('message-view', one)])}
        chosen={shown}
        onChoose={(one) => setShown(one as Shown)}
      >
        {shown === 'document' && <AsDocument message={message} />}
        {shown === 'xml' && <Raw message={message} />}
        {shown === 'signature' && <Report message={message} />}
      </Tabs>
      <Button onClick={onClose}>{t('close')}</Button>
    </Dialog>
  );
}

function AsDocument({ message }: { message: MessageParts }) {
  const { data, refusal } = useAsk(OneMessage, { id: message.id, format: 'JSON' });
  const body = data?.movementMessage.body ? read(data.movementMessage.body) : null;
  const found = useDefinition(body?.type ?? null, body?.phase ?? '6');
  if (refusal || found.refusal) return <Refused refusal={refusal ?? found.refusal} />;
  if (!body || !found.definition) return <Waiting />;
  return <Check definition={found.definition} tree={body.tree} />;
}

function Raw({ message }: { message: MessageParts }) {
  const { data, refusal } = useAsk(OneMessage, { id: message.id, format: 'XML' });
  if (refusal) return <Refused refusal={refusal} />;
  if (!data) return <Waiting />;
  const { body } = data.movementMessage;
  const save = () => saveAs(body ?? '', `${message.messageType}-${message.id}.xml`, 'application/xml');
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="raw" tabIndex={0}>
        {indented(body ?? '')}
      </pre>
      <Button onClick={save}>{t('messages.save')}</Button>
    </>
  );
}

function Report({ message }: { message: MessageParts }) {
  const { data, refusal } = useAsk(OneMessage, { id: message.id });
  if (refusal) return <Refused refusal={refusal} />;
  if (!data) return <Waiting />;
  const report = data.movementMessage.signatureReport;
  if (!report) return <Empty>{t('messages.no-report')}</Empty>;
  return (
    <>
      <SignatureReport json={report} name={`${message.messageType}-${message.id}-signature`} />
      <Evidence message={message} />
    </>
  );
}

/** Everything that proves the signature later on, as one file. */
function Evidence({ message }: { message: MessageParts }) {
  const action = useAction();
  const save = () =>
    action.run(async () => {
      const { messageEvidence } = await ask(MessageEvidence, { id: message.id });
      const name = `${message.messageType}-${message.id}-evidence.json`;
      saveAs(JSON.stringify(messageEvidence, null, 2), name, 'application/json');
    });
  return (
    <>
      <p className="small">{t('evidence.words')}</p>
      <Refused refusal={action.refusal} />
      <div className="tools">
        <Button onClick={save} busy={action.busy}>
          {t('evidence.save')}
        </Button>
      </div>
    </>
  );
}

/** XML with a line for each element; nothing but white space is added. */
function indented(xml: string): string {
  if (xml.includes('\n ')) return xml;
  let depth = 0;
  return xml
    .replace(/>\s*</g, '>\n<')
    .split('\n')
    .map((line) => {
      if (line.startsWith('</')) depth -= 1;
      const told = '  '.repeat(Math.max(depth, 0)) + line;
      if (/^<[^!?/][^>]*[^/]>$/.test(line)) depth += 1;
      return told;
    })
    .join('\n');
}
