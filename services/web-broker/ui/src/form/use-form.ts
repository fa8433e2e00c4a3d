// The form of a message with what is wrong in it, in the language of now.
import { useCallback, useMemo } from 'react';
import type { Finding } from '../api/graphql';
import { useAsk } from '../api/use';
import { mayDeclare } from '../app/areas';
import type { Session } from '../app/session';
import { money, t, useLanguage } from '../app/texts';
import { Guarantees } from '../generated/documents';
import type { Definition, Element } from './catalogue';
import type { Form } from './context';
import { placed, type Told } from './findings';
import { show } from './show';
import type { Path } from './tree';

type Given = {
  session: Session;
  definition: Definition;
  /** What is wrong, as the suite has told it. */
  told: readonly Finding[];
  readOnly: boolean;
  set: Form['set'];
  stays?: (path: Path) => boolean;
};

const never = () => false;

export function useFindingForm({ session, definition, told, readOnly, set, stays = never }: Given): Form {
  const language = useLanguage();
  const offers = useGuarantees(session);
  // biome-ignore lint/correctness/useExhaustiveDependencies: errors are told anew in another language
  const findings = useMemo(() => placed(definition, told), [definition, told, language]);
  const apply = useCallback(
    ({ id, path, correction }: Told) => {
      if (!correction) return;
      set(path, correction.op === 'remove' ? undefined : (correction.value ?? ''));
      // The button that was pressed is gone with its error: one goes on at the field.
      requestAnimationFrame(() => show(id));
    },
    [set],
  );
  const shelf = mayDeclare(session);
  return useMemo<Form>(
    () => ({ definition, findings, readOnly, set, apply, stays, shelf, offers }),
    [definition, findings, readOnly, set, apply, stays, shelf, offers],
  );
}

/** One's own guarantees, offered where a GRN is asked for. */
function useGuarantees(session: Session): Form['offers'] {
  const { data } = useAsk(
    Guarantees,
    session.roles.includes('declarant') ? { first: 50, state: 'active' } : null,
  );
  return useCallback(
    (element: Element) => {
      if (element.field.name !== 'GRN' || !data) return null;
      return async (typed: string) =>
        data.guarantees.edges.flatMap(({ node }) =>
          node.grn?.startsWith(typed.trim())
            ? [{ code: node.grn, name: `${t('guarantee.available')}: ${money(node.available)}` }]
            : [],
        );
    },
    [data],
  );
}
