// The checkers themselves: a server that follows the specifications passes, one that does not fails.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const here = path.dirname(import.meta.dirname);
const servers = [];
after(() => servers.forEach((server) => server.closeAllConnections() ?? server.close()));

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString, resolve: () => 'world' } } }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      one: { type: GraphQLString, args: {}, subscribe: () => new Events() },
    },
  }),
});

// A stream on which nothing happens until it is closed.
class Events {
  #end;
  #ended = new Promise((resolve) => (this.#end = resolve));
  [Symbol.asyncIterator]() { return this; }
  next() { return this.#ended.then(() => ({ done: true, value: undefined })); }
  return() { this.#end(); return Promise.resolve({ done: true, value: undefined }); }
}

async function serve(handler, withSocket) {
  const server = createServer(handler);
  servers.push(server);
  withSocket?.(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}/graphql`;
}

function run(command, ...args) {
  return new Promise((resolve) => {
    const env = { ...process.env, ECUSTOMS_PATIENCE_MS: '2000' };
    execFile(command, args, { cwd: here, env, timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, last: stdout.trim().split('\n').at(-1), all: stdout + stderr }));
  });
}

const sockets = (server) => useServer({ schema, connectionInitWaitTimeout: 500 }, new WebSocketServer({ server, path: '/graphql' }));
const silent = (server) => new WebSocketServer({ server, path: '/graphql' });

test('the reference handler passes every audit', async () => {
  const url = await serve(createHandler({ schema }));
  const { code, last, all } = await run('node', 'graphql-http.mjs', url);
  assert.equal(code, 0, all);
  assert.equal(last, 'conformance: graphql-http: 61 passed, 0 failed');
});

test('a server that always says 200 fails', async () => {
  const url = await serve((_, answer) => answer.setHeader('content-type', 'application/json').end('{"data":{}}'));
  const { code, last } = await run('node', 'graphql-http.mjs', url);
  assert.equal(code, 1);
  assert.match(last, /[1-9]\d* failed$/);
});

test('the reference socket passes every probe', async () => {
  const url = await serve(createHandler({ schema }), sockets);
  const { code, last, all } = await run('node', 'graphql-ws.mjs', url);
  assert.equal(code, 0, all);
  assert.equal(last, 'conformance: graphql-ws: 13 passed, 0 failed');
});

test('a socket that says nothing fails', async () => {
  const url = await serve(createHandler({ schema }), silent);
  const { code, all } = await run('node', 'graphql-ws.mjs', url, 'subscription { one }');
  assert.equal(code, 1);
  assert.match(all, /error 4401 .*stayed open/);
});

const operation = {
  get: {
    operationId: 'hello', summary: 'Hello', description: 'Says hello.', tags: ['hello'], security: [],
    responses: {
      200: { description: 'Hello.', content: { 'application/json': { schema: { type: 'string' } } } },
      400: { description: 'No.' },
    },
  },
};
const document = {
  openapi: '3.1.0',
  info: {
    title: 'Hello', version: '1', description: 'Hello.', contact: { name: 'N', url: 'https://n.example', email: 'n@n.example' },
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: 'https://customs.example.org' }],
  tags: [{ name: 'hello', description: 'Hello.' }],
  paths: { '/hello': operation },
};

async function file(content) {
  const name = path.join(await mkdtemp(path.join(tmpdir(), 'conformance-')), 'document.json');
  await writeFile(name, JSON.stringify(content));
  return name;
}

test('a clean OpenAPI document passes both linters', async () => {
  const { code, last, all } = await run('./openapi.sh', await file(document));
  assert.equal(code, 0, all);
  assert.equal(last, 'conformance: openapi: 2 of 2 linters passed');
});

test('an OpenAPI document without a licence or answers fails', async () => {
  const { code } = await run('./openapi.sh', await file({ ...document, paths: { '/hello': { get: {} } } }));
  assert.equal(code, 1);
});

test('the event catalogue is parsed or refused', async () => {
  const catalogue = (action) => ({
    asyncapi: '3.0.0', info: { title: 'Events', version: '1' },
    channels: { released: { address: 'released', messages: { released: { payload: { type: 'object' } } } } },
    operations: { tell: { action, channel: { $ref: '#/channels/released' } } },
  });
  const good = await run('node', 'asyncapi.mjs', await file(catalogue('send')));
  assert.equal(good.code, 0, good.all);
  assert.equal(good.last, 'conformance: asyncapi: 1 channels, 0 errors');
  const bad = await run('node', 'asyncapi.mjs', await file(catalogue('recv')));
  assert.equal(bad.code, 1, bad.all);
});
