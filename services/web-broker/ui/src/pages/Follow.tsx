// Following goods by their number, for anybody who has it in hands.
import { type FormEvent, useState } from 'react';
import { useAsk } from '../api/use';
import { go, useAddress } from '../app/router';
import { instant, t, word } from '../app/texts';
import { FollowedMovement, type FollowedMovementAnswer } from '../generated/documents';
import { Named, NameOf } from '../ui/Names';
import {
  Button,
  Facts,
  Notice,
  Panel,
  Refused,
  Tag,
  TextField,
  Title,
  type Tone,
  Waiting,
} from '../ui/parts';

const MRN = /^\d{2}[A-Z]{2}[A-Z0-9]{12}[J-M]\d$|^\d{2}[A-Z]{2}[A-Z0-9]{14}$/;
const TONES: Readonly<Record<string, Tone>> = {
  ON_THE_WAY: 'busy',
  OVERDUE: 'warn',
  ARRIVED: 'good',
  DISCHARGED: 'good',
  ENDED: 'bad',
};

export function FollowPage() {
  const { query } = useAddress();
  const asked = (query.get('mrn') ?? '').trim().toUpperCase();
  const [mrn, setMrn] = useState(asked);
  const [fault, setFault] = useState('');
  const found = useAsk(FollowedMovement, asked ? { mrn: asked } : null);
  const search = (event: FormEvent) => {
    event.preventDefault();
    const wanted = mrn.trim().toUpperCase();
    if (!MRN.test(wanted)) {
      setFault(t('follow.mrn.wrong'));
      return;
    }
    setFault('');
    if (wanted === asked) found.again();
    else go(`/public/follow?mrn=${encodeURIComponent(wanted)}`, 'replace');
  };
  return (
    <>
      <Title>{t('nav.follow')}</Title>
      <p>{t('follow.words')}</p>
      <Panel>
        <form className="plain" onSubmit={search} noValidate>
          <div className="narrow">
            <TextField
              label={t('movement.mrn')}
              hint={t('follow.mrn.hint')}
              value={mrn}
              onChange={setMrn}
              error={fault}
              maxLength={18}
            />
          </div>
          <div>
            <Button type="submit" kind="main" busy={found.busy}>
              {t('follow.do')}
            </Button>
          </div>
        </form>
      </Panel>
      {found.refusal?.code === 'not-found' ? (
        <Notice tone="warn" title={t('follow.unknown')} />
      ) : (
        <Refused refusal={found.refusal} again={found.again} />
      )}
      {found.busy && !found.data && <Waiting />}
      {found.data && <Journey seen={found.data.followedMovement} />}
    </>
  );
}

function Journey({ seen }: { seen: FollowedMovementAnswer['followedMovement'] }) {
  return (
    <Panel
      title={seen.mrn}
      tools={<Tag tone={TONES[seen.stage] ?? 'neutral'}>{word('journey', seen.stage)}</Tag>}
    >
      <p className="unseen" role="status">
        {word('journey', seen.stage)}
      </p>
      <Facts
        rows={[
          [t('route.departure'), <Named key="from" code={seen.departureOffice} />],
          [t('route.destination'), <Named key="to" code={seen.destinationOffice} />],
          [t('movement.released'), instant(seen.releasedAt)],
        ]}
      />
      {seen.offices.length > 0 && (
        <ol className="route" aria-label={t('movement.route')}>
          <li className="done">
            <strong>{seen.departureOffice}</strong>
            <NameOf code={seen.departureOffice} />
            <div className="small">{t('route.departure')}</div>
            <div className="small">{instant(seen.releasedAt)}</div>
          </li>
          {seen.offices.map((office, at) => (
            <li key={at} className={office.state === 'expected' ? '' : 'done'}>
              <strong>{office.office}</strong>
              <NameOf code={office.office} />
              <div className="small">
                {word('route', office.role)} · {word('office-state', office.state)}
              </div>
              {office.recordedAt && <div className="small">{instant(office.recordedAt)}</div>}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
