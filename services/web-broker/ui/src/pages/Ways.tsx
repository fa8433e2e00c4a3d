// The choice between a key file and the signing agent, and what is shown while the agent has its window open.
import { useId } from 'react';
import { WAYS, type Way } from '../app/agent';
import { t } from '../app/texts';
import { Button, Dialog } from '../ui/parts';

/** How to sign; what was chosen is remembered in this browser. */
export function Ways({ chosen, onChoose }: { chosen: Way; onChoose: (way: Way) => void }) {
  const id = useId();
  return (
    <fieldset className="ways">
      <legend className="label">{t('way')}</legend>
      <div className="choice">
        {WAYS.map((one) => (
          <div className="check" key={one}>
            <input
              id={`${id}-${one}`}
              type="radio"
              name={id}
              checked={one === chosen}
              onChange={() => onChoose(one)}
              aria-describedby={one === chosen && one === 'ncalayer' ? `${id}-hint` : undefined}
            />
            <label htmlFor={`${id}-${one}`}>{one === 'file' ? t('way.file') : 'NCALayer'}</label>
          </div>
        ))}
      </div>
      {chosen === 'ncalayer' && (
        <p className="hint" id={`${id}-hint`}>
          {t('ncalayer.hint')}
        </p>
      )}
    </fieldset>
  );
}

/** Over everything, as nothing can go on before the agent has answered or is given up. */
export function AgentWaiting({ onStop }: { onStop: () => void }) {
  return (
    <Dialog title={t('ncalayer.waits')} onClose={onStop}>
      <p role="status">{t('ncalayer.waits.words')}</p>
      <Button onClick={onStop}>{t('ncalayer.stop')}</Button>
    </Dialog>
  );
}
