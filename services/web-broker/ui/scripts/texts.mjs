// Writes the texts of each language to src/generated, and fails where a text is missing, odd or used by nobody.
//   node scripts/texts.mjs
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const LANGUAGES = ['en', 'ru', 'kk'];
const here = new URL('..', import.meta.url);
const faults = [];
const texts = new Map();

const places = (text) =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .sort()
    .join();

for (const file of readdirSync(new URL('texts/', here))
  .filter((name) => name.endsWith('.mjs'))
  .sort()) {
  const { default: table } = await import(new URL(`texts/${file}`, here));
  for (const [key, row] of Object.entries(table)) {
    if (texts.has(key)) faults.push(`${key}: told twice`);
    texts.set(key, row);
    if (!Array.isArray(row) || row.length !== LANGUAGES.length) {
      faults.push(`${key}: not in ${LANGUAGES.length} languages`);
      continue;
    }
    row.forEach((text, at) => {
      if (typeof text !== 'string' || !text.trim()) faults.push(`${key}: no ${LANGUAGES[at]}`);
      else if (places(text) !== places(row[0])) faults.push(`${key}: ${LANGUAGES[at]} has other places`);
      else if (
        at > 0 &&
        /[a-z]{3}/i.test(row[0].replace(/\{\w+\}/g, '')) &&
        !/[\u0400-\u04ff]/.test(text) &&
        !row[0].match(/^[A-Z0-9 ,.()/#-]+$/)
      ) {
        faults.push(`${key}: ${LANGUAGES[at]} is not translated`);
      }
    });
  }
}

// What messages are called stands in the tables of the messages themselves.
const kinds = readFileSync(new URL('../../messages/src/catalogue/kinds.tbl', here), 'utf8');
for (const line of kinds.split('\n').filter((one) => /^CC\d/.test(one))) {
  const [type, , ...names] = line.split('|').map((part) => part.trim());
  texts.set(`message.${type}`, names);
}

// Every problem by which a service refuses has a text of the pages.
const services = new URL('../../', here);
const problems = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = new URL(entry.name + (entry.isDirectory() ? '/' : ''), folder);
    if (entry.isDirectory()) return /^(ui|target|node_modules|tests)$/.test(entry.name) ? [] : problems(path);
    if (!entry.name.endsWith('.rs')) return [];
    return [...readFileSync(path, 'utf8').matchAll(/^ +[A-Z0-9_]+ = "([a-z0-9-]+)" \d{3} \w+ "/gm)];
  });
const refused = problems(services).map(([, code]) => code);
if (refused.length === 0) faults.push('the problems of the services were not found');
for (const code of refused) if (!texts.has(`refusal.${code}`)) faults.push(`refusal.${code}: no text`);

const sources = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = new URL(entry.name + (entry.isDirectory() ? '/' : ''), folder);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
const code = sources(new URL('src/', here)).join('\n');
for (const key of texts.keys()) {
  const family = key.slice(0, key.lastIndexOf('.') + 1);
  const used =
    code.includes(`'${key}'`) ||
    (family &&
      (code.includes(`\`${family}\${`) ||
        code.includes(`'${family.slice(0, -1)}',`) ||
        code.includes(`family="${family.slice(0, -1)}"`)));
  if (!used) faults.push(`${key}: used by nobody`);
}

if (faults.length > 0) {
  console.error(`texts: ${faults.length} faults\n  ${faults.join('\n  ')}`);
  process.exit(1);
}
mkdirSync(new URL('src/generated/', here), { recursive: true });
const sorted = [...texts.keys()].sort();
LANGUAGES.forEach((language, at) => {
  const table = Object.fromEntries(sorted.map((key) => [key, texts.get(key)[at]]));
  const kind = 'Readonly<Record<Key, string>>';
  const head = `// Written by scripts/texts.mjs.\nimport type { Key } from './keys';\n`;
  writeFileSync(
    new URL(`src/generated/${language}.ts`, here),
    `${head}export const texts: ${kind} = ${JSON.stringify(table, null, 1)};\n`,
  );
});
writeFileSync(
  new URL('src/generated/keys.ts', here),
  `// Written by scripts/texts.mjs.\nexport type Key =\n${sorted.map((key) => `  | ${JSON.stringify(key)}`).join('\n')};\n`,
);
console.log(`texts: ${sorted.length} keys in ${LANGUAGES.length} languages, none missing`);
