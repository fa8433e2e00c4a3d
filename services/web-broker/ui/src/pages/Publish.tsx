// What an administrator tells everybody: publishes and ends regulations and notices, sets the rates of a day.
import type { FormEvent } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { day, LANGUAGES, t, useLanguage, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { EndPublication, Publications, Publish, Rates, SetRates } from '../generated/documents';
import { Button, Empty, faultAt, Panel, Refused, SelectField, Table, TextField, Title } from '../ui/parts';
import { TextArea } from '../ui/TextArea';
import { textOf } from './Publications';

type Publication = { kind: 'NOTICE' | 'REGULATION'; number: string; texts: Readonly<Record<string, string>> };
const EMPTY: Publication = { kind: 'NOTICE', number: '', texts: {} };

export function PublishPage() {
  useLanguage();
  return (
    <>
      <Title>{t('nav.publish')}</Title>
      <PublishPanel />
      <RatesEditor />
    </>
  );
}

function PublishPanel() {
  const language = useLanguage();
  const { data, refusal, again } = useAsk(Publications, { first: 100 });
  const kept = useKept('publication', EMPTY);
  const { kind, number, texts } = kept.value;
  const change = (more: Partial<Publication>) => kept.set((before) => ({ ...before, ...more }));
  const action = useAction();
  const set = (name: string) => (value: string) =>
    kept.set((before) => ({ ...before, texts: { ...before.texts, [name]: value } }));
  const publish = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const told = LANGUAGES.map(({ code }) => ({
        language: code,
        title: texts[`${code}.title`] ?? '',
        text: texts[`${code}.text`] ?? '',
      }));
      await ask(Publish, { input: { kind, number: number || null, texts: told } });
      kept.clear();
      await again();
    });
  };
  const end = (id: string) =>
    action.run(async () => {
      await ask(EndPublication, { input: { id } });
      await again();
    });
  const edges = data?.publications.edges ?? [];
  return (
    <Panel title={t('publications.title')}>
      <Refused refusal={refusal ?? action.refusal} />
      {data && edges.length === 0 && <Empty>{t('publications.none')}</Empty>}
      {edges.length > 0 && (
        <Table
          caption={t('publications.title')}
          heads={[t('publications.kind'), t('publications.of'), t('guarantee.from'), '']}
        >
          {edges.map(({ node }) => {
            const title = textOf(node, language)?.title ?? '';
            return (
              <tr key={node.id}>
                <td>{word('publication', node.kind)}</td>
                <td>
                  {title} <span className="small">{node.number}</span>
                </td>
                <td>{day(node.validFrom)}</td>
                <td>
                  <Button
                    kind="quiet"
                    aria-label={`${t('measures.end')}: ${title}`}
                    onClick={() => end(node.id)}
                  >
                    {t('measures.end')}
                  </Button>
                </td>
              </tr>
            );
          })}
        </Table>
      )}
      <form className="plain" onSubmit={publish} noValidate>
        <div className="fields">
          <SelectField
            label={t('publications.kind')}
            value={kind}
            onChange={(one) => change({ kind: one as 'NOTICE' })}
            options={(['NOTICE', 'REGULATION'] as const).map((one) => [one, word('publication', one)])}
          />
          <TextField
            label={`${t('publications.of-number')} ${t('form.optional')}`}
            value={number}
            onChange={(typed) => change({ number: typed })}
            maxLength={80}
          />
        </div>
        {LANGUAGES.map(({ code, name }, at) => (
          <fieldset key={code}>
            <legend lang={code}>{name}</legend>
            <TextField
              label={t('publications.of')}
              value={texts[`${code}.title`] ?? ''}
              onChange={set(`${code}.title`)}
              error={faultAt(action.refusal, `/texts/${at}/title`)}
              maxLength={200}
              wide
            />
            <TextArea
              label={t('publications.text')}
              value={texts[`${code}.text`] ?? ''}
              onChange={set(`${code}.text`)}
              error={faultAt(action.refusal, `/texts/${at}/text`)}
              rows={3}
              maxLength={8000}
            />
          </fieldset>
        ))}
        <div>
          <Button type="submit" kind="main" busy={action.busy}>
            {t('publications.do')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** A rate a line: currency, units, what they are worth. */
function RatesEditor() {
  const { data, refusal, again } = useAsk(Rates, {});
  const kept = useKept('rates', { on: '', text: '' });
  const { on, text } = kept.value;
  const change = (more: Partial<typeof kept.value>) => kept.set((before) => ({ ...before, ...more }));
  const action = useAction();
  const told = data?.exchangeRates;
  const base = told?.base ?? 'KZT';
  const save = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
      const rates = rows
        .filter(([currency]) => currency)
        .map(([currency = '', units = '', rate = '']) => ({
          currency: currency.toUpperCase(),
          units: Number.parseInt(units, 10) || 0,
          rate: rate.replace(',', '.'),
        }));
      await ask(SetRates, { input: { on, base, rates } });
      kept.clear();
      await again();
    });
  };
  return (
    <Panel title={t('rates.title')}>
      <Refused refusal={refusal ?? action.refusal} />
      {told?.on && <p>{t('rates.words', { day: day(told.on), base })}</p>}
      <form className="plain narrow" onSubmit={save} noValidate>
        <TextField
          label={t('rates.from')}
          type="date"
          value={on}
          onChange={(typed) => change({ on: typed })}
        />
        <TextArea
          label={t('rates.lines')}
          hint={t('rates.lines.hint')}
          value={text}
          onChange={(typed) => change({ text: typed })}
          rows={5}
        />
        <div className="tools">
          <Button type="submit" busy={action.busy} disabled={!on || !text.trim()}>
            {t('rates.set')}
          </Button>
          <Button
            disabled={!told?.rates.length}
            onClick={() =>
              change({
                text: (told?.rates ?? [])
                  .map(({ currency, units, rate }) => `${currency} ${units} ${rate}`)
                  .join('\n'),
              })
            }
          >
            {t('rates.take')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
