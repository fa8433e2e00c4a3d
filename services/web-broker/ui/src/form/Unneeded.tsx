// What stands where nothing may be stated: it is kept and told, and taken away only by whoever entered it.
import { t, useLanguage } from '../app/texts';
import { Button, Notice } from '../ui/parts';
import { useFindings, useForm } from './context';
import { show } from './show';

type Props = {
  /** The place of the field or group on the page. */
  id: string;
  label: string;
  /** The conditions by which it must not be given. */
  rules: readonly string[];
  onClear: (() => void) | null;
};

export function Unneeded({ id, label, rules, onClear }: Props) {
  const language = useLanguage();
  const { definition } = useForm();
  const told = useFindings(id);
  // What a check has found there is told as an error, with the same way to mend it.
  if (told.length > 0) return null;
  const clear = () => {
    onClear?.();
    // The button goes with what it has taken away: one goes on around it.
    requestAnimationFrame(() => show(id));
  };
  return (
    <Notice tone="busy">
      <p>{t('form.unneeded', { label })}</p>
      {rules.map((rule) => (
        <p key={rule} className="small">
          {rule}: {definition.rules.get(rule)?.text[language]}
        </p>
      ))}
      {onClear && (
        <Button kind="quiet" onClick={clear} aria-label={`${t('form.clear')}: ${label}`}>
          {t('form.clear')}
        </Button>
      )}
    </Notice>
  );
}
