// Measures that an administrator keeps: restricted goods, countries through which transit may pass, who may file.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import { useCalm } from '../app/calm';
import { day, t, word } from '../app/texts';
import {
  AddRestriction,
  AddRouteCountry,
  EndRestriction,
  EndRouteCountry,
  Parties,
  ReinstateParty,
  Restrictions,
  RouteCountries,
  SuspendParty,
} from '../generated/documents';
import { sure } from '../ui/Confirm';
import { Button, Empty, More, Panel, Refused, SelectField, Table, Tag, TextField } from '../ui/parts';
import { NewParty } from './NewParty';

type Effect = 'CONTROL' | 'REFUSE';

export function RestrictionsPanel() {
  const list = usePages(Restrictions, { first: 50 }, ({ restrictions }) => partOf(restrictions));
  const { nodes, refusal, again } = list;
  const [filled, setFilled] = useState({ prefix: '', country: '', reason: '', effect: 'CONTROL' as Effect });
  const action = useAction();
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await again();
    });
  const set = (name: 'prefix' | 'country' | 'reason') => (value: string) =>
    setFilled((before) => ({ ...before, [name]: value }));
  const add = (event: FormEvent) => {
    event.preventDefault();
    run(async () => {
      await ask(AddRestriction, { input: { ...filled, country: filled.country || null } });
      setFilled({ prefix: '', country: '', reason: '', effect: filled.effect });
    });
  };
  return (
    <Panel title={t('restrictions.title')}>
      <Refused refusal={refusal ?? action.refusal} />
      {nodes?.length === 0 && <Empty>{t('restrictions.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('restrictions.title')}
          heads={[
            t('restrictions.prefix'),
            t('offices.country'),
            t('restrictions.effect'),
            t('officer.reason'),
            t('guarantee.from'),
            t('people.until'),
            '',
          ]}
        >
          {nodes.map((node) => (
            <tr key={node.id}>
              <td>{node.prefix}</td>
              <td>{node.country ?? t('all')}</td>
              <td>
                <Tag tone={node.effect === 'REFUSE' ? 'bad' : 'warn'}>{word('restriction', node.effect)}</Tag>
              </td>
              <td>{node.reason}</td>
              <td>{day(node.validFrom)}</td>
              <td>{day(node.validTo) || t('people.open')}</td>
              <td>
                {!node.validTo && (
                  <Button
                    kind="quiet"
                    aria-label={`${t('measures.end')}: ${node.prefix}`}
                    onClick={() =>
                      run(async () => {
                        const title = `${t('measures.end')}: ${node.prefix}`;
                        if (await sure(title, 'measures.end.sure', { tone: 'danger' }))
                          await ask(EndRestriction, { input: { id: node.id } });
                      })
                    }
                  >
                    {t('measures.end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
      <form className="plain" onSubmit={add} noValidate>
        <div className="fields">
          <TextField
            label={t('restrictions.prefix')}
            value={filled.prefix}
            onChange={set('prefix')}
            inputMode="numeric"
            maxLength={8}
          />
          <TextField
            label={t('offices.country')}
            value={filled.country}
            onChange={set('country')}
            maxLength={2}
          />
          <SelectField
            label={t('restrictions.effect')}
            value={filled.effect}
            onChange={(effect) => setFilled((before) => ({ ...before, effect: effect as Effect }))}
            options={(['CONTROL', 'REFUSE'] as const).map((one) => [one, word('restriction', one)])}
          />
          <TextField label={t('officer.reason')} value={filled.reason} onChange={set('reason')} />
        </div>
        <div>
          <Button type="submit" busy={action.busy} disabled={!filled.prefix || !filled.reason}>
            {t('restrictions.add')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

export function RouteCountriesPanel() {
  const list = usePages(RouteCountries, { first: 20 }, ({ routeCountries }) => partOf(routeCountries));
  const { nodes, refusal, again } = list;
  const [country, setCountry] = useState('');
  const action = useAction();
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await again();
    });
  const add = (event: FormEvent) => {
    event.preventDefault();
    run(async () => {
      await ask(AddRouteCountry, { input: { country: country.toUpperCase() } });
      setCountry('');
    });
  };
  return (
    <Panel title={t('route-countries.title')}>
      <Refused refusal={refusal ?? action.refusal} />
      {nodes && (
        <Table
          caption={t('route-countries.title')}
          heads={[t('offices.country'), t('guarantee.from'), t('people.until'), '']}
        >
          {nodes.map((node) => (
            <tr key={node.country}>
              <td>{node.country}</td>
              <td>{day(node.validFrom)}</td>
              <td>{day(node.validTo) || t('people.open')}</td>
              <td>
                {!node.validTo && (
                  <Button
                    kind="quiet"
                    aria-label={`${t('measures.end')}: ${node.country}`}
                    onClick={() =>
                      run(async () => {
                        const title = `${t('measures.end')}: ${node.country}`;
                        if (await sure(title, 'measures.end.sure', { tone: 'danger' }))
                          await ask(EndRouteCountry, { input: { country: node.country } });
                      })
                    }
                  >
                    {t('measures.end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
      <form className="plain narrow" onSubmit={add} noValidate>
        <TextField
          label={t('offices.country')}
          hint={t('offices.country.hint')}
          value={country}
          onChange={setCountry}
          maxLength={2}
        />
        <div>
          <Button type="submit" busy={action.busy} disabled={country.length !== 2}>
            {t('route-countries.add')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

export function PartiesPanel() {
  const [search, setSearch] = useState('');
  const wanted = useCalm(search.trim());
  const list = usePages(Parties, { search: wanted || null, first: 50 }, ({ parties }) => partOf(parties));
  const { nodes, refusal, again } = list;
  const [reason, setReason] = useState('');
  const action = useAction();
  const run = (work: () => Promise<unknown>) =>
    action.run(async () => {
      await work();
      await again();
    });
  return (
    <Panel title={t('parties.title')}>
      <div className="fields">
        <TextField
          label={t('offices.search')}
          hint={t('offices.search.hint')}
          value={search}
          onChange={setSearch}
        />
        <TextField
          label={t('parties.reason')}
          hint={t('parties.reason.hint')}
          value={reason}
          onChange={setReason}
        />
      </div>
      <Refused refusal={refusal ?? action.refusal} />
      {nodes?.length === 0 && <Empty>{t('parties.none')}</Empty>}
      {nodes && nodes.length > 0 && (
        <Table
          caption={t('parties.title')}
          heads={['EORI', t('people.name'), t('parties.place'), t('parties.file'), '']}
        >
          {nodes.map((node) => (
            <tr key={node.eori}>
              <td>{node.eori}</td>
              <td>
                {node.name}
                <div className="small">
                  {node.roles.map(({ role }) => word('party-role', role)).join(', ')}
                </div>
              </td>
              <td>
                {node.address.city}, {node.address.country}
              </td>
              <td>
                <Tag tone={node.mayFile ? 'good' : 'bad'}>{t(node.mayFile ? 'yes' : 'no')}</Tag>{' '}
                <span className="small">{node.suspendedBecause}</span>
              </td>
              <td>
                {node.state === 'suspended' ? (
                  <Button
                    kind="quiet"
                    aria-label={`${t('parties.reinstate')}: ${node.name}`}
                    onClick={() => run(() => ask(ReinstateParty, { input: { eori: node.eori } }))}
                  >
                    {t('parties.reinstate')}
                  </Button>
                ) : (
                  <Button
                    kind="quiet"
                    disabled={!reason.trim()}
                    aria-label={`${t('parties.suspend')}: ${node.name}`}
                    onClick={() =>
                      run(async () => {
                        const title = `${t('parties.suspend')}: ${node.name}`;
                        if (await sure(title, 'parties.suspend.sure', { tone: 'danger' }))
                          await ask(SuspendParty, { input: { eori: node.eori, reason: reason.trim() } });
                      })
                    }
                  >
                    {t('parties.suspend')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <More page={list.page} onMore={list.more} />
      <NewParty onDone={again} />
    </Panel>
  );
}
