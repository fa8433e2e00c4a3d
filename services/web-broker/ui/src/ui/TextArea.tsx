// A text of several lines that is asked for.
import { useId } from 'react';
import { described, Labelled } from './parts';

export function TextArea({
  label,
  value,
  onChange,
  hint,
  error,
  rows = 2,
  maxLength,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string;
  rows?: number;
  maxLength?: number;
}) {
  const id = useId();
  return (
    <Labelled id={id} label={label} hint={hint} error={error} wide>
      <textarea
        id={id}
        value={value}
        rows={rows}
        maxLength={maxLength}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={described(id, hint, error)}
        aria-invalid={error ? true : undefined}
        autoComplete="off"
      />
    </Labelled>
  );
}
