// What an officer may decide about a movement at the offices where they serve; each decision names the version that was seen.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { has } from '../app/areas';
import type { Session } from '../app/session';
import { t, word } from '../app/texts';
import { useKept } from '../app/use-kept';
import { type MovementParts, RecordCrossing } from '../generated/documents';
import { Confirm } from '../ui/Confirm';
import { Button, Dialog, Panel, Refused, SelectField, TextField } from '../ui/parts';
import { TextArea } from '../ui/TextArea';
import type { Answers, Decision } from './decision';
import { open } from './decisions';
import { IncidentForm, incidentOffice } from './Incident';

type Open = { decision: Decision; office: string };
/** Decisions that need nothing to be said and cannot be taken back. */
const FINAL = ['release', 'claim'];

type Props = { session: Session; movement: MovementParts; onDone: () => void };

export function OfficerActions({ session, movement, onDone }: Props) {
  const [asked, setAsked] = useState<Open | null>(null);
  const [sure, setSure] = useState<Open | null>(null);
  const action = useAction();
  const at = session.offices;
  const decisions = open(session, movement);
  const [reporting, setReporting] = useState(false);
  const incidentAt = incidentOffice(session, movement);
  const crossings = has(session, 'officer-of-transit')
    ? movement.offices.filter(
        ({ office, state, role }) => at.includes(office) && state === 'expected' && role !== 'destination',
      )
    : [];
  if (decisions.length === 0 && crossings.length === 0 && !incidentAt) return null;
  const take = (one: Open, answers: Answers) =>
    action.run(async () => {
      await one.decision.run(movement, one.office, answers);
      setAsked(null);
      setSure(null);
      onDone();
    });
  const begin = (one: Open) => {
    if (one.decision.asks.length > 0) setAsked(one);
    else if (FINAL.includes(one.decision.id)) setSure(one);
    else take(one, {});
  };
  return (
    <Panel title={t('officer.decide')}>
      {!asked && !sure && <Refused refusal={action.refusal} />}
      {(decisions.length > 0 || incidentAt) && (
        <div className="tools">
          {decisions.map((one) => (
            <Button
              key={one.decision.id}
              kind={one.decision.tone}
              busy={action.busy && !asked && !sure}
              onClick={() => begin(one)}
            >
              {word('decision', one.decision.id)}
            </Button>
          ))}
          {incidentAt && <Button onClick={() => setReporting(true)}>{t('incident.register')}</Button>}
        </div>
      )}
      {reporting && incidentAt && (
        <IncidentForm
          task={{ kind: 'register', office: incidentAt, mrn: movement.mrn ?? '' }}
          onClose={() => setReporting(false)}
          onDone={() => {
            setReporting(false);
            onDone();
          }}
        />
      )}
      {crossings.map((record) => (
        <Crossing
          key={`${record.office}-${record.role}`}
          office={record.office}
          role={record.role}
          mrn={movement.mrn ?? ''}
          onDone={onDone}
        />
      ))}
      {sure && (
        <Confirm
          title={word('decision', sure.decision.id)}
          words={t('officer.sure', { mrn: movement.mrn ?? movement.lrn })}
          action={t('officer.confirm')}
          danger={sure.decision.tone === 'danger'}
          busy={action.busy}
          onConfirm={() => take(sure, {})}
          onClose={() => {
            action.clear();
            setSure(null);
          }}
        >
          <p>{word('decision-means', sure.decision.id)}</p>
          <Refused refusal={action.refusal} />
        </Confirm>
      )}
      {asked && (
        <Asked
          place={`decision.${movement.id}.${asked.decision.id}`}
          decision={asked.decision}
          busy={action.busy}
          onClose={() => {
            action.clear();
            setAsked(null);
          }}
          onDecide={(answers) => take(asked, answers)}
        >
          <Refused refusal={action.refusal} />
        </Asked>
      )}
    </Panel>
  );
}

/** One crossing: seals and one press. */
export function Crossing({
  office,
  role,
  mrn,
  onDone,
}: {
  office: string;
  role: string;
  mrn: string;
  onDone: () => void;
}) {
  const [intact, setIntact] = useState(true);
  const action = useAction();
  const kind = role === 'exit' ? 'EXIT' : 'ENTRY';
  const record = () =>
    action.run(async () => {
      await ask(RecordCrossing, { input: { office, mrn, kind, sealsIntact: intact } });
      onDone();
    });
  const id = `seals-${office}-${role}-${mrn}`;
  return (
    <div className="tools">
      <Refused refusal={action.refusal} />
      <Button kind="main" busy={action.busy} onClick={record} data-crossing={office}>
        {t(kind === 'EXIT' ? 'officer.exit' : 'officer.entry', { office })}
      </Button>
      <span className="check">
        <input
          id={id}
          type="checkbox"
          checked={intact}
          onChange={(event) => setIntact(event.target.checked)}
        />
        <label htmlFor={id}>{t('officer.seals')}</label>
      </span>
    </div>
  );
}

type AskedProps = {
  /** Where what was entered is kept until it is decided. */
  place: string;
  decision: Decision;
  busy: boolean;
  onClose: () => void;
  onDecide: (answers: Answers) => Promise<boolean>;
  children: React.ReactNode;
};

/** Asks what a decision needs, and takes it once everything is there. */
function Asked({ place, decision, busy, onClose, onDecide, children }: AskedProps) {
  const kept = useKept<Answers>(place, () =>
    Object.fromEntries(
      decision.asks.map((one) => [one.name, one.kind === 'code' ? (one.codes[0] ?? '') : '']),
    ),
  );
  const answers = kept.value;
  const [tried, setTried] = useState(false);
  const set = (name: string) => (value: string) => kept.set((before) => ({ ...before, [name]: value }));
  const lacks = (name: string) => !answers[name]?.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (decision.asks.some((one) => one.kind === 'text' && one.needed && lacks(one.name))) return;
    if (await onDecide(answers)) kept.clear();
  };
  return (
    <Dialog title={word('decision', decision.id)} onClose={onClose}>
      <form className="plain" onSubmit={submit} noValidate>
        {children}
        {decision.asks.map((one) =>
          one.kind === 'code' ? (
            <SelectField
              key={one.name}
              label={word('answer', one.name)}
              value={answers[one.name] ?? ''}
              onChange={set(one.name)}
              options={one.codes.map((code) => [
                code,
                `${code.length < 3 ? `${code} – ` : ''}${word(one.family, code)}`,
              ])}
            />
          ) : one.kind === 'lines' ? (
            <TextArea
              key={one.name}
              label={`${word('answer', one.name)} ${t('form.optional')}`}
              hint={word('answer-hint', one.name)}
              value={answers[one.name] ?? ''}
              onChange={set(one.name)}
            />
          ) : (
            <TextField
              key={one.name}
              label={
                one.needed ? word('answer', one.name) : `${word('answer', one.name)} ${t('form.optional')}`
              }
              value={answers[one.name] ?? ''}
              onChange={set(one.name)}
              error={tried && one.needed && lacks(one.name) ? t('answer.missing') : undefined}
              maxLength={512}
            />
          ),
        )}
        <div className="tools">
          <Button type="submit" kind="main" busy={busy}>
            {t('officer.confirm')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
