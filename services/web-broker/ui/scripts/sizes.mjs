// Measures what a browser loads and fails where a budget is exceeded, in kB (1000 octets) of JavaScript packed by gzip.
//   node scripts/sizes.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGETS = { first: 200, signing: 90, older: 60, charts: 210 };
const assets = new URL('../dist/assets/', import.meta.url);
const html = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
const packed = (name) => gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length;

/** The scripts that one needs, itself and everything it imports at once. */
function needs(name, known = new Set()) {
  if (known.has(name)) return known;
  known.add(name);
  const text = readFileSync(new URL(name, assets), 'utf8');
  for (const [, other] of text.matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)) needs(other, known);
  return known;
}
const sum = (names) => [...names].reduce((total, name) => total + packed(name), 0) / 1000;

const first = new Set([...html.matchAll(/assets\/([^"]+\.js)/g)].flatMap(([, name]) => [...needs(name)]));
const chunk = (...words) => {
  const starts = scripts.filter((name) => words.some((word) => name.startsWith(`${word}-`)));
  const all = starts.flatMap((start) => [...needs(start)]);
  return new Set(all.filter((name) => !first.has(name)));
};
// A key file and the signing agent are never both needed; together they are still within the budget.
const signing = chunk('signing', 'ncalayer');
const measured = {
  first: sum(first),
  signing: sum(signing),
  // What only key files in ciphers that browsers do not offer need in addition.
  older: sum(new Set([...chunk('older')].filter((name) => !signing.has(name)))),
  charts: sum(chunk('charts')),
};
let over = false;
for (const [name, budget] of Object.entries(BUDGETS)) {
  const size = measured[name];
  over ||= size > budget;
  console.log(`sizes: ${name} ${size.toFixed(1)} kB of ${budget}${size > budget ? ' EXCEEDED' : ''}`);
}
if (/https?:\/\//.test(html)) {
  console.error('sizes: the page names another place');
  over = true;
}
process.exit(over ? 1 : 0);
