// The messages of a movement or an arrival as forms need them: the newest of a kind, what was declared, and why something was refused.
import { ask, type Finding } from '../api/graphql';
import { t } from '../app/texts';
import { type MessageParts, MovementMessages, OneMessage } from '../generated/documents';
import { type Message, read } from './json';
import { groups, text } from './tree';

/** All messages of a movement or an arrival. */
export async function messagesOf(movement: string): Promise<readonly MessageParts[]> {
  const { movementMessages } = await ask(MovementMessages, { movement, first: 100 });
  return movementMessages.edges.map(({ node }) => node);
}

/** The messages of some kinds, the newest first. */
export function inOrder(messages: readonly MessageParts[], ...types: string[]): readonly MessageParts[] {
  const found = messages.filter(({ messageType }) => types.includes(messageType));
  return found.sort((one, other) => other.sequence - one.sequence);
}

/** What a message says; `null` where it is none. */
export async function bodyOf(message: MessageParts | undefined): Promise<Message | null> {
  if (!message) return null;
  const { movementMessage } = await ask(OneMessage, { id: message.id, format: 'JSON' });
  return read(movementMessage.body ?? '');
}

const DECLARATIONS = ['CC015C', 'CC013C'];

/** The newest declaration among the messages. */
export async function declared(messages: readonly MessageParts[]): Promise<Message> {
  const message = await bodyOf(inOrder(messages, ...DECLARATIONS)[0]);
  if (!message) throw new Error(t('import.unreadable'));
  return message;
}

/** The declaration in force: the newest that was not refused. */
export async function inForce(messages: readonly MessageParts[]): Promise<Message | null> {
  const taken = inOrder(messages, ...DECLARATIONS).find(({ status }) => status !== 'failed');
  return bodyOf(taken);
}

/** A message that was refused, and every error of the refusal. */
export type Refused = { message: Message; errors: readonly Finding[] };

/** The newest message of `type`, if the newest `answer` refuses it; `null` where it was taken. */
export async function refused(
  messages: readonly MessageParts[],
  type: string,
  answer: 'CC056C' | 'CC057C',
): Promise<Refused | null> {
  const [sent, told] = [inOrder(messages, type)[0], inOrder(messages, answer)[0]];
  if (!sent || !told || sent.status !== 'failed' || told.sequence < sent.sequence) return null;
  const [message, body] = [await bodyOf(sent), await bodyOf(told)];
  if (
    !message ||
    !body ||
    text(body.tree, ['TransitOperation', 'businessRejectionType']) !== type.slice(2, 5)
  )
    return null;
  const errors = groups(body.tree, ['FunctionalError']).map((error) => ({
    code: text(error, ['errorCode']),
    pointer: text(error, ['errorPointer']),
    rule: text(error, ['errorReason']) || null,
    value: text(error, ['originalAttributeValue']) || null,
    message: text(error, ['errorText']) || text(error, ['errorReason']),
  }));
  return { message, errors };
}
