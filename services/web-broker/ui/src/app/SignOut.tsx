// The way out: what saves by itself is saved first, and what is only kept in this browser is not deleted unasked.
import { type ReactNode, useState } from 'react';
import { Confirm } from '../ui/Confirm';
import { personOf, settled, unfinished } from './kept';
import { signOut, useSession } from './session';
import { t } from './texts';

/** The button that `children` draws with what it does, and the question where something is unfinished. */
export function SignOut({ children }: { children: (leave: () => void) => ReactNode }) {
  const { session } = useSession();
  const [left, setLeft] = useState(0);
  const leave = async () => {
    await settled();
    const count = unfinished(personOf(session));
    if (count > 0) setLeft(count);
    else await signOut();
  };
  return (
    <>
      {children(leave)}
      {left > 0 && (
        <Confirm
          title={t('sign-out')}
          words={t('sign-out.unfinished', { count: left })}
          action={t('sign-out.delete')}
          danger
          onConfirm={() => signOut()}
          onClose={() => setLeft(0)}
        />
      )}
    </>
  );
}
