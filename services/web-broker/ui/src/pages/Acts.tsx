// What officers did about a movement: controls with result, seals, documents and photographs, incidents, recoveries.
import { type ReactNode, useEffect, useState } from 'react';
import { packed } from '../api/files';
import { ask } from '../api/graphql';
import { partOf, usePages } from '../api/pages';
import { useAction } from '../api/use';
import type { Session } from '../app/session';
import { instant, knows, t, word } from '../app/texts';
import {
  AttachFile,
  type FileParts,
  MovementActs,
  type MovementActsAnswer,
  type MovementParts,
} from '../generated/documents';
import { ChooseFiles, FileList } from '../ui/Files';
import { Button, More, Panel, Refused, Tag } from '../ui/parts';
import { officesOf } from './Correspondence';
import { IncidentForm, incidentOffice } from './Incident';

type Act = NonNullable<MovementActsAnswer['movementActs']['edges'][number]>['node'];

type Props = {
  session: Session;
  movement: MovementParts;
  files: readonly FileParts[];
  onDone: () => void;
};

/** Every act in order; nothing where there are none. */
export function Acts({ session, movement: of, files, onDone }: Props) {
  const { id: movement, version } = of;
  const offices = officesOf(session, of);
  const list = usePages(MovementActs, { movement, first: 50 }, ({ movementActs }) => partOf(movementActs));
  const { nodes, again } = list;
  const [taken, setTaken] = useState<Act | null>(null);
  const registersAt = incidentOffice(session, of);
  const registered = (number: number) => nodes?.some(({ answers }) => answers === number) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version may have a new act
  useEffect(() => {
    again();
  }, [version, again]);
  if (!nodes?.length) return null;
  return (
    <Panel title={t('acts.title')}>
      <ol className="timeline">
        {nodes.map((node) => (
          <OneAct key={node.number} act={node}>
            {node.kind === 'incident-report' && !registered(node.number) && (
              <div>
                <Tag tone="warn">{t('acts.not-registered')}</Tag>
                {registersAt && (
                  <Button kind="quiet" onClick={() => setTaken(node)}>
                    {t('acts.register', { number: node.number })}
                  </Button>
                )}
              </div>
            )}
            <ActFiles
              movement={movement}
              act={node}
              files={files.filter(({ act }) => act === node.number)}
              own={offices.includes(node.office)}
              onDone={onDone}
            />
          </OneAct>
        ))}
      </ol>
      <More page={list.page} onMore={list.more} />
      {taken && registersAt && (
        <IncidentForm
          task={{ kind: 'register', office: registersAt, mrn: of.mrn ?? '', report: taken }}
          onClose={() => setTaken(null)}
          onDone={() => {
            setTaken(null);
            again();
            onDone();
          }}
        />
      )}
    </Panel>
  );
}

/** Which list says what a code means, by the kind of the act. */
const FAMILIES: Readonly<Record<string, string>> = {
  incident: 'incident-code',
  'incident-report': 'incident-code',
  control: 'act-result',
  'control-ordered': 'control-type',
};

/** The photographs and papers of an act; the office that did it can add to them. */
function ActFiles({
  movement,
  act,
  files,
  own,
  onDone,
}: {
  movement: string;
  act: Act;
  files: readonly FileParts[];
  own: boolean;
  onDone: () => void;
}) {
  const action = useAction();
  const add = (chosen: File[]) =>
    action.run(async () => {
      for (const file of chosen)
        await ask(AttachFile, {
          input: { movement, office: act.office, act: act.number, ...(await packed(file)) },
        });
      onDone();
    });
  return (
    <>
      <Refused refusal={action.refusal} />
      <FileList files={files} label={files.length > 0 ? t('acts.files') : undefined} />
      {own && (
        <ChooseFiles label={t('acts.add-files', { number: act.number })} onChoose={add} busy={action.busy} />
      )}
    </>
  );
}

/** Where an incident happened, and who carries on. */
function said({ place, transhipment }: NonNullable<Act['circumstances']>): string {
  const { unLocode, latitude, longitude, streetAndNumber, city, country } = place;
  const where = [unLocode, latitude, longitude, streetAndNumber, city, country].filter(Boolean).join(', ');
  if (!transhipment) return where;
  const { typeOfIdentification, identification, nationality } = transhipment;
  return `${where} · ${word('means', typeOfIdentification)}: ${identification}, ${nationality}`;
}

function OneAct({ act, children }: { act: Act; children: ReactNode }) {
  const family = FAMILIES[act.kind] ?? '';
  const meaning = act.code && knows(family, act.code) ? word(family, act.code) : '';
  return (
    <li data-act={act.kind}>
      <div className="what">
        {word('act', act.kind)} {[act.amount, act.code].filter(Boolean).join(' ')}
        {meaning && ` – ${meaning}`}
        {act.endorsed !== null && (
          <>
            {' '}
            <Tag tone={act.endorsed ? 'good' : 'warn'}>
              {t(act.endorsed ? 'acts.endorsed' : 'acts.not-endorsed')}
            </Tag>
          </>
        )}
      </div>
      <div className="small">
        {instant(act.at)} · {act.office}
        {act.answers !== null && ` · ${t('acts.answers', { number: act.answers })}`}
      </div>
      {act.circumstances && <div className="small">{said(act.circumstances)}</div>}
      {act.text && <div className="small">{act.text}</div>}
      {act.seals.length > 0 && (
        <div className="small">
          {t('acts.seals')}: {act.seals.join(', ')}
        </div>
      )}
      {act.documents.length > 0 && (
        <div className="small">
          {t('acts.documents')}:{' '}
          {act.documents
            .map((one) => [one.documentType, one.description].filter(Boolean).join(' '))
            .join('; ')}
        </div>
      )}
      {children}
    </li>
  );
}
