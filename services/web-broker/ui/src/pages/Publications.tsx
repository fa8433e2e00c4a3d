// What customs tells everybody: regulations, notices, and the rates of currencies of a day.
import { useState } from 'react';
import { partOf, usePages } from '../api/pages';
import { useAsk } from '../api/use';
import { day, t, useLanguage, word } from '../app/texts';
import { type PublicationParts, Publications, Rates } from '../generated/documents';
import { Empty, More, Panel, Refused, SelectField, Table, TextField, Title, Waiting } from '../ui/parts';

type Kind = 'REGULATION' | 'NOTICE';

export function PublicationsPage() {
  const [kind, setKind] = useState<Kind | ''>('');
  const list = usePages(Publications, { kind: kind || null, first: 50 }, ({ publications }) =>
    partOf(publications),
  );
  const { nodes, refusal, again } = list;
  return (
    <>
      <Title>{t('nav.publications')}</Title>
      <div className="columns wide-left">
        <div className="stack">
          <Panel>
            <div className="narrow">
              <SelectField
                label={t('publications.shown')}
                value={kind}
                onChange={(one) => setKind(one as Kind | '')}
                options={[
                  ['', t('all')],
                  ['REGULATION', t('publications.regulations')],
                  ['NOTICE', t('publications.notices')],
                ]}
              />
            </div>
            <Refused refusal={refusal} again={again} />
            {!nodes && !refusal && <Waiting />}
            {nodes?.length === 0 && <Empty>{t('publications.none')}</Empty>}
            {nodes?.map((node) => (
              <OnePublication key={node.id} publication={node} />
            ))}
            <More page={list.page} onMore={list.more} />
          </Panel>
        </div>
        <RatesPanel />
      </div>
    </>
  );
}

/** The text in the reader's language; every publication has all three. */
export function textOf({ texts }: PublicationParts, language: string) {
  return texts.find((one) => one.language === language) ?? texts[0];
}

function OnePublication({ publication }: { publication: PublicationParts }) {
  const told = textOf(publication, useLanguage());
  if (!told) return null;
  return (
    <article className="told" data-publication={publication.kind}>
      <h2 lang={told.language}>{told.title}</h2>
      <p className="small">
        {[
          word('publication', publication.kind),
          publication.number && t('publications.number', { number: publication.number }),
          t('publications.from', { day: day(publication.validFrom) }),
          publication.validTo && t('publications.until', { day: day(publication.validTo) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="said" lang={told.language}>
        {told.text}
      </p>
    </article>
  );
}

/** The rates of a day, today's unless another one is chosen. */
function RatesPanel() {
  const [on, setOn] = useState('');
  const wanted = /^\d{4}-\d{2}-\d{2}$/.test(on) ? on : null;
  const { data, refusal, again } = useAsk(Rates, { at: wanted });
  const told = data?.exchangeRates;
  return (
    <Panel title={t('rates.title')}>
      <TextField label={t('rates.day')} hint={t('rates.day.hint')} type="date" value={on} onChange={setOn} />
      <Refused refusal={refusal} again={again} />
      {!data && !refusal && <Waiting />}
      {told && told.rates.length === 0 && <Empty>{t('rates.none')}</Empty>}
      {told && told.rates.length > 0 && (
        <>
          <p>{t('rates.words', { day: day(told.on), base: told.base ?? '' })}</p>
          <Table caption={t('rates.title')} heads={[t('rates.currency'), told.base]}>
            {told.rates.map(({ currency, units, rate }) => (
              <tr key={currency}>
                <th scope="row">
                  {units} {currency}
                </th>
                <td className="num">{rate}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Panel>
  );
}
