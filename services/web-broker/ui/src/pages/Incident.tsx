// An incident on the way: what happened, where, and what belongs to its code (seals as they are now, who carries on).
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { isOfficer } from '../app/areas';
import type { Session } from '../app/session';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import {
  type MovementActsAnswer,
  type MovementParts,
  RecordIncident,
  type RecordIncident as Registered,
  ReportIncident,
} from '../generated/documents';
import { useOfficeNames } from '../ui/Names';
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

/** The offices to which a person may report an incident of a movement; none for who does not answer for the goods. */
export function reportOffices(session: Session, movement: MovementParts): string[] {
  const own = [movement.carrier, movement.holder].includes(session.party);
  const may = session.roles.some((role) => ['carrier', 'declarant'].includes(role));
  if (!own || !may || !ON_THE_WAY.includes(movement.state)) return [];
  const ahead = movement.offices.filter(({ state }) => state === 'expected').map(({ office }) => office);
  const behind = movement.offices.map(({ office }) => office);
  return [...new Set([...ahead, ...behind, movement.departureOffice])];
}

/** A report of who carries the goods, as it stands among the acts. */
export type Reported = NonNullable<MovementActsAnswer['movementActs']['edges'][number]>['node'];

/** What is done with the incident: an officer registers it, who carries the goods reports it. */
export type IncidentTask =
  | { kind: 'register'; office: string; mrn: string; report?: Reported }
  | { kind: 'report'; movement: string; offices: readonly string[] };

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
type Report = { office: string; filled: Filled; way: Way; endorsed: boolean; inContainers: boolean };

const MEANS = ['10', '11', '20', '21', '30', '31', '40', '41', '80', '81'];

/** What who carries the goods may do on their way. */
export function CarrierActions({
  session,
  movement,
  onDone,
}: {
  session: Session;
  movement: MovementParts;
  onDone: () => void;
}) {
  const [reporting, setReporting] = useState(false);
  const offices = reportOffices(session, movement);
  if (offices.length === 0) return null;
  return (
    <div className="tools">
      <Button onClick={() => setReporting(true)}>{t('incident.report')}</Button>
      {reporting && (
        <IncidentForm
          task={{ kind: 'report', movement: movement.id, offices }}
          onClose={() => setReporting(false)}
          onDone={() => {
            setReporting(false);
            onDone();
          }}
        />
      )}
    </div>
  );
}

export function IncidentForm({
  task,
  onClose,
  onDone,
}: {
  task: IncidentTask;
  onClose: () => void;
  onDone: () => void;
}) {
  const reports = task.kind === 'report';
  const kept = useKept<Report>(placeOf(task), () => beginning(task));
  const { filled, way, endorsed, inContainers } = kept.value;
  const names = useOfficeNames(reports ? task.offices : []);
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
    const told = circumstances(filled, way, inContainers);
    action.run(async () => {
      if (task.kind === 'report') {
        await ask(ReportIncident, { input: { movement: task.movement, office: kept.value.office, ...told } });
      } else {
        const { office, mrn, report } = task;
        await ask(RecordIncident, {
          input: { office, mrn, endorsed, report: report?.number ?? null, ...told },
        });
      }
      kept.clear();
      onDone();
    });
  };
  return (
    <Dialog title={t(reports ? 'incident.report' : 'incident.register')} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        <Refused refusal={action.refusal} />
        {reports && (
          <SelectField
            label={t('incident.office')}
            hint={t('incident.office.hint')}
            value={kept.value.office}
            onChange={(office) => change({ office })}
            options={task.offices.map((one) => [one, names(one)])}
          />
        )}
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
        {!reports && (
          <Tick id="incident-endorsed" on={endorsed} onChange={(on) => change({ endorsed: on })}>
            {t('incident.endorsed')}
          </Tick>
        )}
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy}>
            {t(reports ? 'incident.send' : 'incident.do')}
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

/** Where what was entered is kept until it is sent. */
function placeOf(task: IncidentTask): string {
  if (task.kind === 'report') return `incident-report.${task.movement}`;
  return ['incident', task.mrn, task.office, task.report?.number].filter(Boolean).join('.');
}

/** With what the form begins: what was reported, or nothing but the country of the office. */
function beginning(task: IncidentTask): Report {
  const office = task.kind === 'report' ? (task.offices[0] ?? '') : task.office;
  const begin: Report = {
    office,
    filled: { ...EMPTY, country: office.slice(0, 2) },
    way: 'address',
    endorsed: true,
    inContainers: false,
  };
  const told = task.kind === 'register' ? task.report : undefined;
  if (!told?.circumstances) return begin;
  const { place, equipment, transhipment } = told.circumstances;
  return {
    ...begin,
    way: place.unLocode ? 'unlocode' : place.latitude ? 'coordinates' : 'address',
    inContainers: transhipment?.inContainers ?? false,
    filled: {
      code: told.code ?? EMPTY.code,
      text: told.text ?? '',
      country: place.country,
      unLocode: place.unLocode ?? '',
      latitude: place.latitude ?? '',
      longitude: place.longitude ?? '',
      streetAndNumber: place.streetAndNumber ?? '',
      city: place.city ?? '',
      container: equipment[0]?.container ?? '',
      seals: equipment.flatMap(({ seals }) => seals).join('\n'),
      means: transhipment?.identification ?? '',
      nationality: transhipment?.nationality ?? '',
      meansType: transhipment?.typeOfIdentification ?? EMPTY.meansType,
    },
  };
}

/** What is told of the incident, by whomever. */
function circumstances(
  filled: Filled,
  way: Way,
  inContainers: boolean,
): Pick<Registered, 'code' | 'text' | 'place' | 'equipment' | 'transhipment'> {
  const said = (name: keyof Filled) => filled[name].trim();
  const places = {
    unlocode: { unLocode: said('unLocode').toUpperCase() },
    coordinates: { latitude: said('latitude'), longitude: said('longitude') },
    address: { streetAndNumber: said('streetAndNumber'), city: said('city') },
  };
  const seals = filled.seals.split(/[\n,;]+/).flatMap((seal) => seal.trim() || []);
  return {
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
