// One value of a message: its control by format and code list, its hint, and what is wrong with it.
import { useCallback, useContext, useEffect, useState } from 'react';
import { type Choice, codeName, findCodes, findOffices, officeName, wholeList } from '../api/codes';
import { t, useLanguage, zone as zoneName } from '../app/texts';
import { toLocal, toUtc } from '../app/zone';
import { described, Labelled } from '../ui/parts';
import { Combobox } from './Combobox';
import type { Element } from './catalogue';
import { TreeContext, useZoneAt } from './clock';
import { isForbidden } from './conditions';
import { useFindings, useForm } from './context';
import { Faults } from './Faults';
import { fault } from './findings';
import { useNeed } from './needs';
import { idOf } from './pointer';
import { type Path, text } from './tree';
import { Unneeded } from './Unneeded';

const OFFICE_ROLES: Readonly<Record<string, string>> = {
  CL171: 'DEP',
  CL172: 'DES',
  CL173: 'TRA',
  CL175: 'EXT',
};
const SELECT_MOST = 12;
const LONG = 100;

type Props = { element: Element; path: Path; value: string; group?: Element };

export function FieldInput(props: Props) {
  return props.element.field.format?.kind === 'dateTime' ? (
    <TimedField {...props} />
  ) : (
    <OneField {...props} />
  );
}

/** A date and time, by the clock of the office that it concerns. */
function TimedField(props: Props) {
  return <OneField {...props} zone={useZoneAt(props.element.field.name, props.path)} />;
}

/** `zone` is there where a time is asked for, and `null` until it is known. */
function OneField({ element, path, value, group, zone }: Props & { zone?: string | null }) {
  const language = useLanguage();
  const { set, readOnly } = useForm();
  const [left, setLeft] = useState(false);
  const { field } = element;
  const id = idOf(path);
  const own = useFindings(id);
  const around = useFindings(idOf(path.slice(0, -1)));
  // What is wrong with a group of one value is wrong with the value.
  const told = group ? [...around, ...own] : own;
  const typed = left ? fault(field, value) : '';
  const wrong = told.length > 0 || typed !== '';
  const inner = useNeed(id);
  const outer = useNeed(idOf(path.slice(0, -1)));
  // A group of one value is asked for, or not allowed, as its value is.
  const need = group && (outer?.required.length || outer?.forbidden.length) ? outer : inner;
  const isNeeded = (need?.required.length ?? 0) > 0;
  const required = (group ?? element).field.min > 0 || isNeeded;
  const error = wrong && (
    <>
      {typed && told.length === 0 && typed}
      <Faults told={told} />
    </>
  );
  const at = value ? new Date(`${value.slice(0, 19)}Z`) : new Date();
  const clock = zone && !Number.isNaN(at.getTime()) && t('form.zone', { zone: zoneName(zone, at) });
  const hint = [field.hint?.[language], clock].filter(Boolean).join(' · ');
  const change = useCallback((next: string) => set(path, next === '' ? undefined : next), [set, path]);
  const shared = {
    id,
    describedBy: described(id, hint, error),
    invalid: wrong,
    required,
    readOnly: readOnly || zone === null,
    zone: zone ?? 'UTC',
  };
  const control = { element, value, change, leave: () => setLeft(true), ...shared };
  if (field.format?.kind === 'flag') {
    return (
      <div className={`field${wrong ? ' wrong' : ''}`}>
        {hint && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
        {error && (
          <div className="error" id={`${id}-error`}>
            {error}
          </div>
        )}
        <div className="check">
          <input
            id={id}
            type="checkbox"
            checked={value === '1'}
            disabled={readOnly}
            onChange={(event) => change(event.target.checked ? '1' : '0')}
            aria-describedby={shared.describedBy}
          />
          <label htmlFor={id}>{field.label[language]}</label>
        </div>
      </div>
    );
  }
  const unneeded = isForbidden(need) && value !== '' && (
    <Unneeded
      id={id}
      label={field.label[language]}
      rules={need?.forbidden ?? []}
      onClear={readOnly ? null : () => change('')}
    />
  );
  return (
    <Labelled
      id={id}
      label={
        <>
          {field.label[language]}
          {field.unit?.field && <Unit path={[...path.slice(0, -1), field.unit.field]} />}
          {!required && <span className="small"> {t('form.optional')}</span>}
          {isNeeded && <span className="small"> {t('form.required')}</span>}
        </>
      }
      hint={hint}
      error={error}
      wide={(field.format?.maxLength ?? 0) > LONG}
    >
      <Control {...control} />
      {unneeded}
    </Labelled>
  );
}

/** The unit of a quantity, where a field beside it says so. */
function Unit({ path }: { path: Path }) {
  const code = text(useContext(TreeContext), path);
  return code && <span className="small"> {code}</span>;
}

type ControlProps = {
  element: Element;
  id: string;
  value: string;
  change: (value: string) => void;
  leave: () => void;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
  readOnly: boolean;
  zone: string;
};

function Control(props: ControlProps) {
  const { element, value, change, leave, id, describedBy, invalid, required, readOnly, zone } = props;
  const { format, list } = element.field;
  const { offers } = useForm();
  const offered = offers(element);
  if (offered) return <Offered {...props} find={offered} />;
  if (format?.name === 'office') return <OfficeBox {...props} />;
  if (list) return <CodeBox {...props} list={list.name} />;
  const shared = {
    id,
    readOnly,
    'aria-describedby': describedBy,
    'aria-invalid': invalid || undefined,
    'aria-required': required || undefined,
    onBlur: leave,
    autoComplete: 'off',
  };
  if (format?.kind === 'date')
    return <input type="date" value={value} onChange={(event) => change(event.target.value)} {...shared} />;
  if (format?.kind === 'dateTime')
    return (
      <input
        type="datetime-local"
        value={toLocal(value, zone).slice(0, 16)}
        onChange={(event) => change(toUtc(event.target.value && `${event.target.value}:00`, zone))}
        {...shared}
      />
    );
  if ((format?.maxLength ?? 0) > LONG) {
    return <textarea rows={2} value={value} onChange={(event) => change(event.target.value)} {...shared} />;
  }
  const number = format?.kind === 'integer' ? 'numeric' : format?.kind === 'decimal' ? 'decimal' : undefined;
  const typed = (text: string) => change(number === 'decimal' ? text.replace(',', '.') : text);
  return (
    <input
      type="text"
      inputMode={number}
      value={value}
      onChange={(event) => typed(event.target.value)}
      {...shared}
    />
  );
}

function OfficeBox({ element, change, leave, ...rest }: ControlProps) {
  const role = OFFICE_ROLES[element.field.list?.number ?? ''] ?? null;
  const find = useCallback((typed: string) => findOffices(role, typed), [role]);
  return <Combobox {...rest} onChange={change} onLeave={leave} find={find} nameOf={officeName} />;
}

const noName = async () => '';

function Offered({
  element: _,
  change,
  leave,
  find,
  ...rest
}: ControlProps & { find: (typed: string) => Promise<Choice[]> }) {
  return <Combobox {...rest} onChange={change} onLeave={leave} find={find} nameOf={noName} />;
}

function CodeBox({ list, change, leave, ...rest }: ControlProps & { list: string }) {
  const language = useLanguage();
  const [whole, setWhole] = useState<Choice[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are told in the reader's language
  useEffect(() => {
    let over = false;
    wholeList(list, SELECT_MOST).then(
      (found) => !over && setWhole(found),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [list, language]);
  const find = useCallback((typed: string) => findCodes(list, typed), [list]);
  const nameOf = useCallback((code: string) => codeName(list, code), [list]);
  const known = whole && (rest.value === '' || whole.some(({ code }) => code === rest.value));
  if (!known) return <Combobox {...rest} onChange={change} onLeave={leave} find={find} nameOf={nameOf} />;
  return (
    <select
      id={rest.id}
      value={rest.value}
      disabled={rest.readOnly}
      aria-describedby={rest.describedBy}
      aria-invalid={rest.invalid || undefined}
      aria-required={rest.required || undefined}
      onChange={(event) => change(event.target.value)}
    >
      <option value="">{t('form.choose')}</option>
      {whole.map(({ code, name }) => (
        <option key={code} value={code}>
          {code} {name && `– ${name}`}
        </option>
      ))}
    </select>
  );
}
