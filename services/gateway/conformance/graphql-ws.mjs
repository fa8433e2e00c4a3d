// GraphQL over WebSocket (graphql-transport-ws): close codes, and a subscription that starts and ends in order.
//   node graphql-ws.mjs URL [SUBSCRIPTION]
// SUBSCRIPTION is a document that stays open; without it the first field of the schema that needs no argument.
// ECUSTOMS_TOKEN, when set, is sent with connection_init.
import { setTimeout as pause } from 'node:timers/promises';
import { buildClientSchema, getIntrospectionQuery, getNamedType, isLeafType, isRequiredArgument } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const PROTOCOL = 'graphql-transport-ws';
const PATIENCE_MS = Number(process.env.ECUSTOMS_PATIENCE_MS ?? 20_000);

const url = process.argv[2]?.replace(/^http/, 'ws');
if (!url) {
  console.error('usage: graphql-ws.mjs URL [SUBSCRIPTION]');
  process.exit(2);
}
const token = process.env.ECUSTOMS_TOKEN;
const init = { type: 'connection_init', ...(token ? { payload: { authorization: `Bearer ${token}` } } : {}) };

// One raw connection: what it said, and how it closed.
class Probe {
  constructor(protocols = PROTOCOL) {
    this.messages = [];
    this.socket = new WebSocket(url, protocols);
    this.socket.on('message', (data) => this.messages.push(JSON.parse(data)));
    this.opened = new Promise((resolve, reject) => {
      this.socket.on('open', resolve);
      this.socket.on('error', reject);
    });
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: `${reason}` })));
    this.opened.catch(() => {});
  }

  send(message) {
    this.socket.send(typeof message === 'object' && !Buffer.isBuffer(message) ? JSON.stringify(message) : message);
  }

  async acknowledged() {
    await this.opened;
    this.send(init);
    await this.says((message) => message.type === 'connection_ack', 'connection_ack');
  }

  async says(matches, what) {
    for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
      const found = this.messages.find(matches);
      if (found) return found;
      if (this.socket.readyState === WebSocket.CLOSED) break;
      await pause(20);
    }
    throw new Error(`no ${what}; said ${JSON.stringify(this.messages)}`);
  }

  async closesWith(expected) {
    const end = await Promise.race([this.closed, pause(PATIENCE_MS, null, { ref: false })]);
    if (!end) throw new Error(`stayed open, expected ${expected}`);
    if (end.code !== expected) throw new Error(`closed with ${end.code} ${end.reason}, expected ${expected}`);
  }
}

async function openSubscription() {
  if (process.argv[3]) return process.argv[3];
  const answer = await ask(getIntrospectionQuery());
  const schema = buildClientSchema(answer.data);
  const fields = Object.values(schema.getSubscriptionType()?.getFields() ?? {});
  const field = fields.find((field) => !field.args.some(isRequiredArgument));
  if (!field) throw new Error('no subscription without required arguments: name one on the command line');
  return `subscription { ${field.name}${isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'} }`;
}

function ask(query) {
  return new Promise((resolve, reject) => {
    const client = createClient({
      url, webSocketImpl: WebSocket, connectionParams: init.payload, retryAttempts: 0, connectionAckWaitTimeout: PATIENCE_MS,
    });
    let answer;
    client.subscribe({ query }, { next: (value) => (answer = value), error: reject, complete: () => resolve(answer) });
  });
}

const subscription = await openSubscription();
const probes = {
  'the subprotocol is agreed on': async () => {
    const probe = new Probe(['unheard-of', PROTOCOL]);
    await probe.opened;
    if (probe.socket.protocol !== PROTOCOL) throw new Error(`agreed on '${probe.socket.protocol}'`);
    probe.socket.close();
  },
  'another subprotocol is refused': async () => {
    const probe = new Probe('graphql-ws');
    const refused = await probe.opened.then(() => false, () => true);
    if (!refused) await probe.closesWith(4406);
  },
  '4400 text that is no JSON': async () => {
    const probe = new Probe();
    await probe.opened;
    probe.send('{');
    await probe.closesWith(4400);
  },
  '4400 a message of an unknown type': async () => {
    const probe = new Probe();
    await probe.opened;
    probe.send({ type: 'unheard_of' });
    await probe.closesWith(4400);
  },
  '4400 a subscribe without a query': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    probe.send({ id: '1', type: 'subscribe', payload: {} });
    await probe.closesWith(4400);
  },
  '4401 a subscribe before the acknowledgement': async () => {
    const probe = new Probe();
    await probe.opened;
    probe.send({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } });
    await probe.closesWith(4401);
  },
  '4408 no connection_init': async () => {
    const probe = new Probe();
    await probe.opened;
    await probe.closesWith(4408);
  },
  '4409 two subscriptions under one id': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    const message = { id: '1', type: 'subscribe', payload: { query: subscription } };
    probe.send(message);
    probe.send(message);
    await probe.closesWith(4409);
  },
  '4429 two connection_init': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    probe.send(init);
    await probe.closesWith(4429);
  },
  'a ping is answered by a pong': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    probe.send({ type: 'ping' });
    await probe.says((message) => message.type === 'pong', 'pong');
    probe.socket.close();
  },
  'a wrong document is an error of its id and the connection stays': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    probe.send({ id: 'wrong', type: 'subscribe', payload: { query: '{ no_such_field_here }' } });
    const error = await probe.says((message) => message.type === 'error' || message.type === 'next', 'error');
    if (error.type !== 'error' || error.id !== 'wrong') throw new Error(`answered ${JSON.stringify(error)}`);
    probe.send({ id: 'right', type: 'subscribe', payload: { query: '{ __typename }' } });
    await probe.says((message) => message.type === 'complete' && message.id === 'right', 'complete');
    probe.socket.close();
  },
  'a query is answered and completed': async () => {
    const answer = await ask('{ __typename }');
    if (!answer?.data?.__typename) throw new Error(`answered ${JSON.stringify(answer)}`);
  },
  'a subscription starts, ends on request, and its id is free again': async () => {
    const probe = new Probe();
    await probe.acknowledged();
    for (let round = 0; round < 2; round += 1) {
      probe.send({ id: '1', type: 'subscribe', payload: { query: subscription } });
      await pause(300);
      const ended = probe.messages.find((message) => message.type === 'error' || message.type === 'complete');
      if (ended) throw new Error(`${subscription} did not stay open: ${JSON.stringify(ended)}`);
      probe.send({ id: '1', type: 'complete' });
      await pause(100);
    }
    if (probe.socket.readyState !== WebSocket.OPEN) throw new Error('the connection was closed');
    probe.socket.close();
  },
};

const verdicts = await Promise.all(
  Object.entries(probes).map(([name, probe]) => probe().then(() => true, (error) => {
    console.log(`error ${name}: ${error.message}`);
    return false;
  })),
);
const passed = verdicts.filter(Boolean).length;
console.log(`conformance: graphql-ws: ${passed} passed, ${verdicts.length - passed} failed`);
process.exit(passed === verdicts.length ? 0 : 1);
