// An incident on the way: what happened, where, and what belongs to its code (seals as they are now, who carries on).
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { isOfficer } from '../app/areas';
import type { Session } from '../app/session';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { type MovementParts, RecordIncident, type RecordIncident as Told } from '../generated/documents';
import { Button, Dialog, Refused, SelectField, TextField } from '../ui/parts';
import { TextArea } from '../ui/TextArea';

const CODES = ['1', '2', '3', '4', '5', '6', '7', '8'];
/** Codes after which the seals are told as they are now. */
const WITH_EQUIPMENT = ['2', '4', '7'];
/** Codes after which the means of transport that carries on is told. */
const WITH_TRANSHIPMENT = ['3', '6', '8'];
/** States in which the goods are on their way. */
const ON_THE_WAY = ['released', 'overdue', 'under-enquiry', 'enquiry-answered'];
const WAYS = ['unlocode', 'coordinates', 'address'] as const;
type Way = (typeof WAYS)[number];

/** The office at which a person may register an incident of a movement; none for everybody else. */
export function incidentOffice(session: Session, movement: MovementParts): string | undefined {
  if (!isOfficer(session) || !movement.mrn || !ON_THE_WAY.includes(movement.state)) return undefined;
  const offices = [...movement.offices.map(({ office }) => office), movement.departureOffice];
  return offices.find((office) => session.offices.includes(office));
}

const EMPTY = {
  code: '1',
  text: '',
  country: '',
  unLocode: '',
  latitude: '',
  longitude: '',
  streetAndNumber: '',
  city: '',
  container: '',
  seals: '',
  means: '',
  nationality: '',
  meansType: '30',
};
type Filled = typeof EMPTY;
type Report = { filled: Filled; way: Way; endorsed: boolean; inContainers: boolean };

const MEANS = ['10', '11', '20', '21', '30', '31', '40', '41', '80', '81'];

export function IncidentForm({
  office,
  mrn,
  onClose,
  onDone,
}: {
  office: string;
  mrn: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const kept = useKept<Report>(`incident.${mrn}.${office}`, {
    filled: { ...EMPTY, country: office.slice(0, 2) },
    way: 'address',
    endorsed: true,
    inContainers: false,
  });
  const { filled, way, endorsed, inContainers } = kept.value;
  const change = (more: Partial<Report>) => kept.set((before) => ({ ...before, ...more }));
  const [tried, setTried] = useState(false);
  const action = useAction();
  const needed = neededFor(filled.code, way);
  const field = (name: keyof Filled, maxLength?: number) => ({
    label: word('incident', name),
    value: filled[name],
    onChange: (value: string) =>
      kept.set((before) => ({ ...before, filled: { ...before.filled, [name]: value } })),
    error: tried && needed.includes(name) && !filled[name].trim() ? t('answer.missing') : undefined,
    maxLength,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (needed.some((name) => !filled[name].trim())) return;
    const input = report(filled, way, { office, mrn, endorsed, inContainers });
    action.run(async () => {
      await ask(RecordIncident, { input });
      kept.clear();
      onDone();
    });
  };
  return (
    <Dialog title={t('incident.register')} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        <Refused refusal={action.refusal} />
        <SelectField {...field('code')} options={CODES.map((code) => [code, named('incident-code', code)])} />
        <TextArea {...field('text', 512)} />
        <div className="fields">
          <SelectField
            label={t('incident.way')}
            value={way}
            onChange={(one) => change({ way: one as Way })}
            options={WAYS.map((one) => [one, word('incident-way', one)])}
          />
          <TextField {...field('country', 2)} />
          {way === 'unlocode' && <TextField {...field('unLocode', 17)} />}
          {way === 'coordinates' && (
            <>
              <TextField {...field('latitude', 17)} inputMode="decimal" />
              <TextField {...field('longitude', 17)} inputMode="decimal" />
            </>
          )}
          {way === 'address' && (
            <>
              <TextField {...field('streetAndNumber', 70)} />
              <TextField {...field('city', 35)} />
            </>
          )}
        </div>
        {WITH_EQUIPMENT.includes(filled.code) && (
          <>
            <TextField
              {...field('container', 17)}
              label={`${word('incident', 'container')} ${t('form.optional')}`}
            />
            <TextArea {...field('seals')} hint={t('answer-hint.seals')} />
          </>
        )}
        {WITH_TRANSHIPMENT.includes(filled.code) && (
          <>
            <div className="fields">
              <SelectField
                {...field('meansType')}
                options={MEANS.map((code) => [code, named('means', code)])}
              />
              <TextField {...field('means', 35)} />
              <TextField {...field('nationality', 2)} />
            </div>
            <Tick id="incident-containers" on={inContainers} onChange={(on) => change({ inContainers: on })}>
              {t('incident.in-containers')}
            </Tick>
          </>
        )}
        <Tick id="incident-endorsed" on={endorsed} onChange={(on) => change({ endorsed: on })}>
          {t('incident.endorsed')}
        </Tick>
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t('incident.do')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

const named = (family: string, code: string) => `${code} – ${word(family, code)}`;

function Tick({
  id,
  on,
  onChange,
  children,
}: {
  id: string;
  on: boolean;
  onChange: (on: boolean) => void;
  children: string;
}) {
  return (
    <span className="check">
      <input id={id} type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{children}</label>
    </span>
  );
}

/** What must be said for a code at a place that is told in some way. */
function neededFor(code: string, way: Way): Array<keyof Filled> {
  const place: Record<Way, Array<keyof Filled>> = {
    unlocode: ['unLocode'],
    coordinates: ['latitude', 'longitude'],
    address: ['streetAndNumber', 'city'],
  };
  return [
    'text',
    'country',
    ...place[way],
    ...(WITH_EQUIPMENT.includes(code) ? (['seals'] as const) : []),
    ...(WITH_TRANSHIPMENT.includes(code) ? (['means', 'nationality'] as const) : []),
  ];
}

function report(
  filled: Filled,
  way: Way,
  more: { office: string; mrn: string; endorsed: boolean; inContainers: boolean },
): Told {
  const { inContainers, ...head } = more;
  const said = (name: keyof Filled) => filled[name].trim();
  const places = {
    unlocode: { unLocode: said('unLocode').toUpperCase() },
    coordinates: { latitude: said('latitude'), longitude: said('longitude') },
    address: { streetAndNumber: said('streetAndNumber'), city: said('city') },
  };
  const seals = filled.seals.split(/[\n,;]+/).flatMap((seal) => seal.trim() || []);
  return {
    ...head,
    code: filled.code,
    text: said('text'),
    place: { country: said('country').toUpperCase(), ...places[way] },
    equipment: WITH_EQUIPMENT.includes(filled.code)
      ? [{ container: said('container') || null, seals }]
      : null,
    transhipment: WITH_TRANSHIPMENT.includes(filled.code)
      ? {
          identification: said('means'),
          nationality: said('nationality').toUpperCase(),
          typeOfIdentification: filled.meansType,
          inContainers,
        }
      : null,
  };
}
