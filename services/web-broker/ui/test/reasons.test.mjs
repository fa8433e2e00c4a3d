// Why something happened: the sentences of the suite in the language of the reader, what a person wrote as it was written. The sentences
// are read from the sources of the suite, so that a new wording there is not told in English here unnoticed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createServer } from 'vite';

const suite = new URL('../../../declarations/src/', import.meta.url);
const source = (path) => readFileSync(new URL(path, suite), 'utf8').split('#[cfg(test)]')[0];

let vite;
let texts;
let reasons;
before(async () => {
  globalThis.localStorage ??= { getItem: () => null, setItem: () => undefined };
  globalThis.document ??= { documentElement: {} };
  vite = await createServer({
    server: { middlewareMode: true, ws: false },
    appType: 'custom',
    logLevel: 'error',
  });
  texts = await vite.ssrLoadModule('/src/app/texts.ts');
  reasons = await vite.ssrLoadModule('/src/pages/reasons.ts');
});
after(() => vite.close());

test('a reason is told with its facts, in each language', async () => {
  const holds =
    'guarantee 26KZ0000000000015 of type 1 covers 10000.00 EUR: 50 % of the reference amount is insured by authorisation KZ-7';
  await texts.speak('en');
  assert.deepEqual(reasons.told('goods 870830 are to be controlled: Brakes are counterfeited'), {
    text: 'Goods 870830 are to be controlled: Brakes are counterfeited',
    rule: 'Measure on goods',
    known: true,
  });
  assert.equal(
    reasons.told(holds).text,
    '26KZ0000000000015, type 1, covers 10,000.00 EUR: 50 % of the reference amount is insured KZ-7',
  );
  await texts.speak('ru');
  const left = 'headroom of 26KZ0000000000015: 9900.00 EUR of the reference amount of 10000.00 EUR (99 %)';
  assert.match(reasons.told(left).text.replace(/\s/g, ' '), /осталось 9 900,00 EUR \(99 %\)$/);
  await texts.speak('kk');
  assert.equal(reasons.told('entry, seals not intact').text, 'Кіру, пломбалар бүлінген');
  const written = 'Пломба повреждена, см. фото';
  assert.deepEqual(reasons.told(written), { text: written, rule: null, known: false });
});

test('every sentence of a risk decision and of a deadline is known', () => {
  const risk = source('risk/mod.rs');
  const sentences = [...risk.matchAll(/=> "([A-Za-z][^"]*: [^"]*)"/g), ...risk.matchAll(/"(AEO [^"]*)"/g)];
  assert.ok(sentences.length >= 9, 'the simplifications were found');
  const deadlines = ['deadline/before_release.rs', 'deadline/on_the_way.rs'].flatMap((path) => [
    ...source(path).matchAll(/why(?:\) =|, why\) =|) = [^"\n]*"([a-z][^"]*)"/g),
  ]);
  assert.ok(deadlines.length >= 7, 'the deadlines were found');
  for (const [, sentence] of [...sentences, ...deadlines])
    assert.ok(reasons.told(sentence).known, `not known: ${sentence}`);
});

test('the risk decision is the last one, with the rule of each reason', async () => {
  await texts.speak('en');
  const entry = (sequence, event, told) => ({
    sequence,
    event,
    reasons: told,
    at: '2026-11-30T10:00:00Z',
    by: 'system',
    office: null,
    state: 'awaiting-release',
    hash: '',
  });
  assert.equal(reasons.riskOf([entry(1, 'accepted', [])]), null);
  const risk = reasons.riskOf([
    entry(1, 'accepted', []),
    entry(2, 'guarantee-registered', ['no measure applies']),
    entry(3, 'amended', []),
    entry(4, 'guarantee-registered', ['AEO authorised economic operator: a control is announced']),
  ]);
  assert.equal(risk.sequence, 4);
  assert.deepEqual(
    risk.reasons.map(({ rule }) => rule),
    ['Simplification'],
  );
});

test('incidents are told by their code and endorsement, and what was written stays as it was written', async () => {
  await texts.speak('ru');
  for (const [reason, wanted] of [
    ['code 3, endorsed: truck broke\ndown', 'Код 3, удостоверено: truck broke\ndown'],
    ['code 2, not endorsed: seal', 'Код 2, не удостоверено: seal'],
    ['code 2, endorsed on the way: seal', 'Код 2, удостоверено в пути: seal'],
    ['code 5: fog', 'Код 5: fog'],
    ['the goods are said to have been at UZTAS001', 'По сообщению, товары были в UZTAS001'],
  ]) {
    assert.deepEqual(reasons.told(reason), { text: wanted, rule: null, known: true });
  }
  for (const [path, text] of [
    ['transit/incident.rs', 'code {}, {endorsed}: {}'],
    ['transit/report.rs', 'code {}: {}'],
    ['arrival/incident.rs', 'code {}, {}: {}'],
    ['enquiry/answer.rs', 'the goods are said to have been at {office}'],
    ['transit/cancel.rs', 'no reason given'],
    ['transit/request.rs', 'the holder does not want the release'],
  ])
    assert.ok(source(path).includes(text), `${path}: ${text}`);
});
