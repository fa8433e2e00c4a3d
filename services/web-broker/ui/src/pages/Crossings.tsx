// A crossing of goods that were not announced at this office, by their MRN: first what they are, then the record.
import { type FormEvent, useState } from 'react';
import { ask } from '../api/graphql';
import { useAction, useAsk } from '../api/use';
import { useCalm } from '../app/calm';
import { t } from '../app/texts';
import { Movements, RecordCrossing } from '../generated/documents';
import { Button, faultAt, Notice, Panel, Refused, SelectField, TextField, Waiting } from '../ui/parts';
import { Carried } from './Carried';

export const MRN = /^\d{2}[A-Z]{2}[A-Z0-9]{14}$/;

/** An exit need not be declared: whoever reads the number from the accompanying document can record it. */
export function CrossingByNumber({ office, onDone }: { office: string; onDone: () => void }) {
  const [mrn, setMrn] = useState('');
  const [kind, setKind] = useState<'EXIT' | 'ENTRY'>('EXIT');
  const [intact, setIntact] = useState(true);
  const [done, setDone] = useState('');
  const action = useAction();
  const wanted = mrn.replace(/\s/g, '').toUpperCase();
  const whole = useCalm(MRN.test(wanted) ? wanted : '');
  const record = (event: FormEvent) => {
    event.preventDefault();
    action.run(async () => {
      await ask(RecordCrossing, { input: { office, mrn: wanted, kind, sealsIntact: intact } });
      setDone(wanted);
      setMrn('');
      onDone();
    });
  };
  return (
    <Panel title={t('crossing.title')}>
      {done && <Notice tone="good" title={t('crossing.recorded', { mrn: done })} />}
      <Refused refusal={action.refusal} />
      <form className="plain" onSubmit={record} noValidate>
        <div className="fields">
          <TextField
            label={t('movement.mrn')}
            hint={t('crossing.mrn.hint')}
            value={mrn}
            onChange={setMrn}
            error={faultAt(action.refusal, '/mrn')}
            maxLength={23}
          />
          <SelectField
            label={t('crossing.kind')}
            hint={t('crossing.kind.hint')}
            value={kind}
            onChange={(one) => setKind(one as 'EXIT')}
            options={[
              ['EXIT', t('route.exit')],
              ['ENTRY', t('route.transit')],
            ]}
          />
        </div>
        {whole && whole === wanted && <Seen mrn={whole} />}
        <div className="tools">
          <Button type="submit" kind="main" busy={action.busy} disabled={!wanted}>
            {t('crossing.do')}
          </Button>
          <span className="check">
            <input
              id="crossing-seals"
              type="checkbox"
              checked={intact}
              onChange={(event) => setIntact(event.target.checked)}
            />
            <label htmlFor="crossing-seals">{t('officer.seals')}</label>
          </span>
        </div>
      </form>
    </Panel>
  );
}

/** The goods of an MRN, where the officer may see them: a movement that no office of theirs expects is not shown to them. */
function Seen({ mrn }: { mrn: string }) {
  const { data, refusal } = useAsk(Movements, { mrn, first: 1 });
  if (refusal) return <Refused refusal={refusal} />;
  if (!data) return <Waiting />;
  const movement = data.movements.edges[0]?.node;
  if (!movement) return <Notice tone="warn" title={t('crossing.unseen')} />;
  return <Carried movement={movement} />;
}
