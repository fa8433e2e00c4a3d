// A code that is typed or chosen: an editable combobox over a list that may be long.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Choice } from '../api/codes';
import { t, useLanguage } from '../app/texts';

type Props = {
  id: string;
  value: string;
  onChange: (code: string) => void;
  onLeave: () => void;
  find: (typed: string) => Promise<Choice[]>;
  nameOf: (code: string) => Promise<string>;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
  readOnly: boolean;
};

export function Combobox({
  id,
  value,
  onChange,
  onLeave,
  find,
  nameOf,
  describedBy,
  invalid,
  required,
  readOnly,
}: Props) {
  const language = useLanguage();
  const list = useId();
  const [open, setOpen] = useState(false);
  const [choices, setChoices] = useState<Choice[]>([]);
  const [active, setActive] = useState(-1);
  const [name, setName] = useState('');
  const newest = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: names are told in the reader's language
  useEffect(() => {
    let over = false;
    setName('');
    if (value)
      nameOf(value).then(
        (found) => !over && setName(found),
        () => undefined,
      );
    return () => {
      over = true;
    };
  }, [value, nameOf, language]);

  const offer = (typed: string) => {
    newest.current += 1;
    const mine = newest.current;
    find(typed).then(
      (found) => {
        if (mine !== newest.current) return;
        setChoices(found);
        setActive(-1);
      },
      () => undefined,
    );
  };
  const show = (typed: string) => {
    if (readOnly) return;
    setOpen(true);
    offer(typed);
  };
  const choose = (choice: Choice) => {
    onChange(choice.code);
    setName(choice.name);
    setOpen(false);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return show(value);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((before) => (before + step + choices.length) % Math.max(choices.length, 1));
    } else if (event.key === 'Enter' && open) {
      const chosen = choices[active];
      if (chosen) {
        event.preventDefault();
        choose(chosen);
      }
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  const leave = () => {
    setOpen(false);
    // Who types the whole name means its code.
    const meant = choices.find((choice) => choice.name.toLowerCase() === value.trim().toLowerCase());
    if (meant) onChange(meant.code);
    else if (/^[a-z]{2,8}\d*$/.test(value)) onChange(value.toUpperCase());
    onLeave();
  };
  useEffect(() => {
    if (open && active >= 0)
      document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [open, active, list]);
  const shown = open && choices.length > 0;
  return (
    <div className="combo">
      <input
        id={id}
        role="combobox"
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
        aria-describedby={[describedBy, name && `${id}-name`].filter(Boolean).join(' ') || undefined}
        aria-invalid={invalid || undefined}
        aria-required={required || undefined}
        autoComplete="off"
        spellCheck={false}
        readOnly={readOnly}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          show(event.target.value);
        }}
        onClick={() => show('')}
        onKeyDown={press}
        onBlur={leave}
      />
      {shown && (
        <div id={list} role="listbox" aria-label={t('form.choices')}>
          {choices.map((choice, at) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the field
            <div
              key={choice.code}
              id={`${list}-${at}`}
              role="option"
              aria-selected={at === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(choice)}
            >
              <strong>{choice.code}</strong>
              {choice.name}
            </div>
          ))}
        </div>
      )}
      {name && (
        <p className="chosen" id={`${id}-name`}>
          {name}
        </p>
      )}
    </div>
  );
}
