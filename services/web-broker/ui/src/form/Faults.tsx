// What is wrong at one place: in words, by which rule, what was found there and what would mend it.
import { t } from '../app/texts';
import { Button } from '../ui/parts';
import { useForm } from './context';
import type { Told } from './findings';

/** Everything that is told of one place, under its field or on top of its group. */
export function Faults({ told }: { told: readonly Told[] }) {
  return told.map((one, at) => (
    <div key={at}>
      {one.text}
      <FaultMore told={one} />
    </div>
  ));
}

/** The rule, the value and the mending of an error. */
export function FaultMore({ told }: { told: Told }) {
  const { readOnly, apply } = useForm();
  return (
    <>
      {told.ruleText && told.ruleText !== told.text && (
        <span className="rule">
          {told.rule}: {told.ruleText}
        </span>
      )}
      {told.value && (
        <span className="rule">
          {t('form.found')} <code>{told.value}</code>
        </span>
      )}
      {told.fix && (
        <span className="rule">
          {t('form.fix')} <span lang={told.fixTold ? undefined : 'en'}>{told.fix}</span>{' '}
          {told.correction && !readOnly && (
            <Button
              kind="quiet"
              aria-label={`${t('form.apply')}: ${told.where} – ${told.fix}`}
              onClick={() => apply(told)}
            >
              {t('form.apply')}
            </Button>
          )}
        </span>
      )}
    </>
  );
}
