// Asks once more before something that cannot be taken back, and says what will happen.
import type { ReactNode } from 'react';
import { t } from '../app/texts';
import { Button, Dialog } from './parts';

/** A dialog in the language of the page, in which nothing happens by itself. */
export function Confirm({
  title,
  words,
  action,
  danger = false,
  busy = false,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  /** What will happen. */
  words: string;
  /** What the button says that does it. */
  action: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{words}</p>
      {children}
      <div className="tools">
        <Button kind={danger ? 'danger' : 'main'} busy={busy} onClick={onConfirm}>
          {action}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
