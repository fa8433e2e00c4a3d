// The event catalogue: the reference parser must find no error in it.
//   node asyncapi.mjs FILE
import { readFile } from 'node:fs/promises';
import { Parser, DiagnosticSeverity } from '@asyncapi/parser';

const file = process.argv[2];
if (!file) {
  console.error('usage: asyncapi.mjs FILE');
  process.exit(2);
}
const { document, diagnostics } = await new Parser().parse(await readFile(file, 'utf8'), { source: file });
const errors = diagnostics.filter((one) => one.severity === DiagnosticSeverity.Error);
for (const one of errors) console.log(`error ${one.path.join('/')}: ${one.message}`);
const channels = document ? document.channels().all().length : 0;
console.log(`conformance: asyncapi: ${channels} channels, ${errors.length} errors`);
process.exit(document && errors.length === 0 ? 0 : 1);
