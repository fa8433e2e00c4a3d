// GraphQL over HTTP: the reference suite's audits against a running server.
//   node graphql-http.mjs URL      ECUSTOMS_TOKEN, when set, is sent as a bearer token
import { auditServer } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('usage: graphql-http.mjs URL');
  process.exit(2);
}

const token = process.env.ECUSTOMS_TOKEN;
const withToken = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) } });

const results = await auditServer({ url, fetchFn: withToken });
const failed = results.filter((result) => result.status !== 'ok');
for (const result of failed) {
  const status = result.response ? ` (answered ${result.response.status})` : '';
  console.log(`${result.status} ${result.id} ${result.name}: ${result.reason}${status}`);
}
console.log(`conformance: graphql-http: ${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
