// What an office and the declarant write to each other about a movement, with the files that go with it.
import { type FormEvent, useState } from 'react';
import { packed } from '../api/files';
import { ask } from '../api/graphql';
import { useAction } from '../api/use';
import { isOfficer, mayDeclare } from '../app/areas';
import type { Session } from '../app/session';
import { ago, currentLanguage, instant, t, zone as zoneName } from '../app/texts';
import { useKept } from '../app/use-kept';
import { ownZone, toUtc } from '../app/zone';
import { useZone } from '../form/clock';
import {
  AttachFile,
  type FileParts,
  type MovementParts,
  type NoteParts,
  WriteNote,
} from '../generated/documents';
import { ChooseFiles, FileList } from '../ui/Files';
import { Button, Empty, Panel, Refused, SelectField, Tag, TextField } from '../ui/parts';
import { TextArea } from '../ui/TextArea';

type Props = {
  session: Session;
  movement: MovementParts;
  notes: readonly NoteParts[] | null;
  files: readonly FileParts[];
  onDone: () => void;
};

/** The offices of a movement where an officer serves. */
export function officesOf(session: Session, movement: MovementParts): string[] {
  const all = [
    movement.departureOffice,
    ...movement.offices.map(({ office }) => office),
    movement.destinationOffice,
  ];
  return isOfficer(session) ? [...new Set(all)].filter((office) => session.offices.includes(office)) : [];
}

export function Correspondence({ session, movement, notes, files, onDone }: Props) {
  const [writing, setWriting] = useState<{ answers: number | null } | null>(null);
  const offices = officesOf(session, movement);
  const declarant = mayDeclare(session) && session.party === (movement.representative ?? movement.holder);
  const writes = offices.length > 0 || declarant;
  const own = declarant ? 'participant' : 'officer';
  const loose = files.filter(({ act, note }) => act === null && note === null);
  if (!notes || (!writes && notes.length === 0 && loose.length === 0)) return null;
  return (
    <Panel
      title={t('notes.title')}
      tools={
        writes &&
        !writing && <Button onClick={() => setWriting({ answers: null })}>{t('notes.write')}</Button>
      }
    >
      {notes.length === 0 && !writing && <Empty>{t('notes.none')}</Empty>}
      {notes.length > 0 && (
        <ol className="timeline">
          {notes.map((note) => (
            <Note
              key={note.number}
              note={note}
              files={files.filter((file) => file.note === note.number)}
              onAnswer={
                writes && note.by !== own && note.answeredBy === null
                  ? () => setWriting({ answers: note.number })
                  : undefined
              }
            />
          ))}
        </ol>
      )}
      <FileList files={loose} label={t('files.loose')} />
      {writing && (
        <WriteForm
          key={writing.answers}
          movement={movement.id}
          offices={offices}
          answers={writing.answers}
          onClose={() => setWriting(null)}
          onDone={() => {
            setWriting(null);
            onDone();
          }}
        />
      )}
    </Panel>
  );
}

function Note({
  note,
  files,
  onAnswer,
}: {
  note: NoteParts;
  files: readonly FileParts[];
  onAnswer: (() => void) | undefined;
}) {
  const waits = note.asksAnswer && note.answeredBy === null;
  return (
    <li data-note={note.number} className={waits ? 'warn' : ''}>
      <div className="what">
        {note.by === 'officer'
          ? t('notes.by-office', { office: note.office })
          : t('notes.by-party', { party: note.party })}
        {note.answers !== null && ` · ${t('notes.answer-to', { number: note.answers })}`}{' '}
        {waits && <Tag tone="warn">{t('notes.asks')}</Tag>}
      </div>
      <div className="small">
        {t('notes.number', { number: note.number })} · {instant(note.at)}
        {waits &&
          note.answerBy &&
          ` · ${t('notes.by', { at: instant(note.answerBy) })} (${ago(note.answerBy)})`}
      </div>
      <p className="said" lang={note.language?.toLowerCase() ?? undefined}>
        {note.text}
      </p>
      <FileList files={files} />
      {onAnswer && (
        <Button
          kind={waits ? 'main' : 'quiet'}
          onClick={onAnswer}
          aria-label={t('notes.answer-number', { number: note.number })}
        >
          {t('notes.answer')}
        </Button>
      )}
    </li>
  );
}

type FormProps = {
  movement: string;
  offices: readonly string[];
  answers: number | null;
  onClose: () => void;
  onDone: () => void;
};

/** What is kept of a note until it is sent; files are chosen anew. */
type Written = { text: string; asks: boolean; by: string; office: string | null };

function WriteForm({ movement, offices, answers, onClose, onDone }: FormProps) {
  const kept = useKept<Written>(`note.${movement}.${answers ?? 'new'}`, {
    text: '',
    asks: false,
    by: '',
    office: offices[0] ?? null,
  });
  const { text, asks, by, office } = kept.value;
  const change = (more: Partial<Written>) => kept.set((before) => ({ ...before, ...more }));
  const zone = useZone('', office ?? '');
  const [files, setFiles] = useState<readonly File[]>([]);
  // What is attached already is not attached again when something after it was refused.
  const [attached] = useState(() => new Map<File, string>());
  const [tried, setTried] = useState(false);
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!text.trim()) return;
    action.run(async () => {
      for (const file of files) {
        if (attached.has(file)) continue;
        const { attachFile } = await ask(AttachFile, {
          input: { movement, office, ...(await packed(file)) },
        });
        attached.set(file, attachFile.file.id);
      }
      const language = currentLanguage().toUpperCase() as 'EN';
      const answerBy = asks && by ? `${toUtc(by, zone ?? ownZone())}Z` : null;
      const ids = files.flatMap((file) => attached.get(file) ?? []);
      await ask(WriteNote, {
        input: { movement, office, text, language, answers, asksAnswer: asks, answerBy, files: ids },
      });
      kept.clear();
      onDone();
    });
  };
  return (
    <form className="plain" onSubmit={send} noValidate aria-label={t('notes.write')}>
      <Refused refusal={action.refusal} />
      {offices.length > 1 && (
        <SelectField
          label={t('queue.office')}
          value={office ?? ''}
          onChange={(one) => change({ office: one })}
          options={offices.map((one) => [one, one])}
        />
      )}
      <TextArea
        label={answers === null ? t('notes.text') : t('notes.answer-text', { number: answers })}
        hint={t('notes.hint')}
        value={text}
        onChange={(typed) => change({ text: typed })}
        rows={4}
        maxLength={4000}
        error={tried && !text.trim() ? t('notes.missing') : undefined}
      />
      {offices.length > 0 && (
        <>
          <span className="check">
            <input
              id="asks-answer"
              type="checkbox"
              checked={asks}
              onChange={(event) => change({ asks: event.target.checked })}
            />
            <label htmlFor="asks-answer">{t('notes.ask')}</label>
          </span>
          {asks && (
            <TextField
              type="datetime-local"
              label={t('notes.until')}
              hint={zone ? t('form.zone', { zone: zoneName(zone) }) : undefined}
              value={by}
              onChange={(typed) => change({ by: typed })}
            />
          )}
        </>
      )}
      {files.length > 0 && (
        <ul className="files" aria-label={t('files.chosen')}>
          {files.map((file) => (
            <li key={`${file.name}-${file.size}`}>
              {file.name}{' '}
              <Button
                kind="quiet"
                aria-label={t('files.drop', { name: file.name })}
                onClick={() => setFiles(files.filter((one) => one !== file))}
              >
                ✕
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="tools">
        <Button type="submit" kind="main" busy={action.busy}>
          {t('notes.send')}
        </Button>
        <ChooseFiles
          label={t('files.choose')}
          onChoose={(chosen) => setFiles([...files, ...chosen].slice(0, 10))}
        />
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
