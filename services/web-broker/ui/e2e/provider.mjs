// A provider of identities for the journeys: OpenID Connect with one page, where whoever comes chooses who they are.
//   node provider.mjs PORT
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' };
const granted = new Map();

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function idToken(claims) {
  const body = `${encode({ alg: 'ES256', kid: 'one' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

const documents = {
  '/.well-known/openid-configuration': {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    end_session_endpoint: `${issuer}/logout`,
    authorization_response_iss_parameter_supported: true,
  },
  '/keys': { keys: [jwk] },
};

/** The page on which somebody says who they are. */
function page(query) {
  const link = (who, words) =>
    `<li><a href="/agree?${new URLSearchParams({ ...query, who }).toString().replaceAll('&', '&amp;')}">${words}</a></li>`;
  return `<!doctype html><html lang="en"><title>Provider</title><h1>Who are you?</h1><ul>
    ${link('850314300211', 'The broker')}${link('920517400316', 'The colleague')}
    ${link('000000000000', 'A stranger')}${link('', 'I will not say')}</ul></html>`;
}

function agree({ who, state, nonce, redirect_uri, code_challenge }) {
  const back = new URL(redirect_uri);
  back.searchParams.set('state', state);
  back.searchParams.set('iss', issuer);
  if (who) {
    const code = randomUUID();
    granted.set(code, { who, nonce, code_challenge });
    back.searchParams.set('code', code);
  } else back.searchParams.set('error', 'access_denied');
  return back.href;
}

function exchange(form) {
  const grant = granted.get(form.get('code'));
  granted.delete(form.get('code'));
  const digest = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (grant?.code_challenge !== digest) return [400, { error: 'invalid_grant' }];
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: 'customs',
    sub: 'person',
    iat,
    exp: iat + 60,
    nonce: grant.nonce,
    iin: grant.who,
  };
  return [200, { token_type: 'Bearer', access_token: 'access', id_token: idToken(claims) }];
}

createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  const query = Object.fromEntries(url.searchParams);
  const answer = (status, type, body) => response.writeHead(status, { 'content-type': type }).end(body);
  if (documents[url.pathname]) answer(200, 'application/json', JSON.stringify(documents[url.pathname]));
  else if (url.pathname === '/authorize') answer(200, 'text/html', page(query));
  else if (url.pathname === '/agree') response.writeHead(303, { location: agree(query) }).end();
  else if (url.pathname === '/logout') {
    answer(
      200,
      'text/html',
      `<!doctype html><html lang="en"><title>Provider</title><h1>Signed out</h1></html>`,
    );
  } else if (url.pathname === '/token') {
    let body = '';
    for await (const part of request) body += part;
    const [status, told] = exchange(new URLSearchParams(body));
    answer(status, 'application/json', JSON.stringify(told));
  } else answer(404, 'text/plain', 'nothing');
}).listen(port, '127.0.0.1');
