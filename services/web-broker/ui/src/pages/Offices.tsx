// The office finder.
import { useEffect, useState } from 'react';
import type { Refusal } from '../api/graphql';
import { ask } from '../api/graphql';
import { asRefusal } from '../api/use';
import { label, t, word } from '../app/texts';
import { Offices as AskOffices, type OfficeParts } from '../generated/documents';
import { Empty, More, Panel, Refused, SelectField, Table, Tag, TextField, Title, Waiting } from '../ui/parts';

const ROLES = ['', 'DEP', 'DES', 'TRA', 'EXT', 'GUA'];

export function OfficesPage() {
  const [search, setSearch] = useState('');
  const [country, setCountry] = useState('');
  const [role, setRole] = useState('');
  const [found, setFound] = useState<readonly OfficeParts[] | null>(null);
  const [page, setPage] = useState<{ hasNextPage: boolean; endCursor: string | null }>();
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const question = {
    search: search || null,
    country: country.length === 2 ? country.toUpperCase() : null,
    role: role || null,
    first: 30,
  };
  const wanted = JSON.stringify(question);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      ask(AskOffices, JSON.parse(wanted)).then(
        ({ offices }) => {
          if (over) return;
          setFound(offices.edges.map(({ node }) => node));
          setPage(offices.pageInfo);
          setRefusal(null);
        },
        (error) => !over && setRefusal(asRefusal(error)),
      );
    }, 200);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  const more = async () => {
    const { offices } = await ask(AskOffices, { ...question, after: page?.endCursor ?? null });
    setFound((before) => [...(before ?? []), ...offices.edges.map(({ node }) => node)]);
    setPage(offices.pageInfo);
  };
  return (
    <>
      <Title>{t('nav.offices')}</Title>
      <Panel>
        <search>
          <div className="fields">
            <TextField
              label={t('offices.search')}
              hint={t('offices.search.hint')}
              value={search}
              onChange={setSearch}
            />
            <TextField
              label={t('offices.country')}
              hint={t('offices.country.hint')}
              value={country}
              onChange={setCountry}
              maxLength={2}
            />
            <SelectField
              label={t('offices.role')}
              hint={t('offices.role.hint')}
              value={role}
              onChange={setRole}
              options={ROLES.map((one) => [one, one ? word('office-role', one) : t('all')])}
            />
          </div>
        </search>
        <Refused refusal={refusal} />
        {!found && !refusal && <Waiting />}
        {found?.length === 0 && <Empty>{t('offices.none')}</Empty>}
        {found && found.length > 0 && (
          <Table
            caption={t('nav.offices')}
            heads={[
              t('offices.number'),
              t('offices.name'),
              t('offices.country'),
              t('offices.role'),
              t('offices.hours'),
              t('offices.phone'),
            ]}
          >
            {found.map((office) => (
              <tr key={office.id}>
                <td>
                  <strong>{office.id}</strong>
                </td>
                <td>{label(office.names)}</td>
                <td>{office.country}</td>
                <td>
                  {office.roles
                    .filter((one) => ROLES.includes(one))
                    .map((one) => (
                      <span key={one}>
                        <Tag>{word('office-role', one)}</Tag>{' '}
                      </span>
                    ))}
                </td>
                <td>
                  {office.hours.map((hours, at) => (
                    <div key={at}>
                      {word('weekday', String(hours.firstDay))}
                      {hours.lastDay !== hours.firstDay && `–${word('weekday', String(hours.lastDay))}`}{' '}
                      {hours.opens}–{hours.closes}
                    </div>
                  ))}
                  {office.zone && <span className="small">{office.zone}</span>}
                </td>
                <td>{office.phone}</td>
              </tr>
            ))}
          </Table>
        )}
        <More page={page} onMore={more} />
      </Panel>
    </>
  );
}
