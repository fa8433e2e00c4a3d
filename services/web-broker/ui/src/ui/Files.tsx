// Files: chosen to be sent, or there to be saved.
import { useId, useRef } from 'react';
import { download, KINDS } from '../api/files';
import { useAction } from '../api/use';
import { count, t } from '../app/texts';
import type { FileParts } from '../generated/documents';
import { Button, Refused } from './parts';

/** A button that lets files be chosen. */
export function ChooseFiles({
  label,
  onChoose,
  busy,
}: {
  label: string;
  onChoose: (files: File[]) => void;
  busy?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()} busy={busy}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={KINDS}
        aria-label={label}
        onChange={(event) => {
          onChoose([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

/** Files that are there, each saved by a press. */
export function FileList({ files, label }: { files: readonly FileParts[]; label?: string }) {
  const action = useAction();
  const id = useId();
  if (files.length === 0) return null;
  return (
    <>
      <Refused refusal={action.refusal} />
      {label && (
        <p className="small" id={id}>
          {label}
        </p>
      )}
      <ul className="files" aria-label={label ? undefined : t('files.title')} aria-labelledby={label && id}>
        {files.map((file) => (
          <li key={file.id}>
            <Button
              kind="quiet"
              busy={action.busy}
              data-file={file.name}
              onClick={() => action.run(() => download(file))}
            >
              {file.name}
            </Button>
            <span className="small"> {t('files.size', { size: count(Math.ceil(file.octets / 1000)) })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
