// A question whose answer is shown: asked when it changes, kept while it is asked again.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask, type Document, Refusal } from './graphql';

export type Asked<Answer> = {
  data: Answer | null;
  refusal: Refusal | null;
  busy: boolean;
  again: () => Promise<void>;
};

/** Asks `document` now and whenever the variables change; asks nothing while they are `null`. */
export function useAsk<Answer, Variables extends Record<string, unknown>>(
  document: Document<Answer, Variables>,
  variables: Variables | null,
): Asked<Answer> {
  const wanted = variables && JSON.stringify(variables);
  const [state, setState] = useState<{ data: Answer | null; refusal: Refusal | null; busy: boolean }>({
    data: null,
    refusal: null,
    busy: wanted !== null,
  });
  const newest = useRef(0);
  const again = useCallback(async () => {
    if (wanted === null) return;
    newest.current += 1;
    const mine = newest.current;
    setState((before) => ({ ...before, busy: true }));
    try {
      const data = await ask(document, JSON.parse(wanted) as Variables);
      if (mine === newest.current) setState({ data, refusal: null, busy: false });
    } catch (error) {
      const refusal = asRefusal(error);
      if (mine === newest.current) setState((before) => ({ ...before, refusal, busy: false }));
    }
  }, [document, wanted]);
  useEffect(() => {
    setState((before) => ({ ...before, data: null, refusal: null }));
    again();
    return () => {
      newest.current += 1;
    };
  }, [again]);
  return { ...state, again };
}

/** An effect that a person asks for: whether it is under way, and why it was refused. */
export function useAction(): {
  busy: boolean;
  refusal: Refusal | null;
  clear: () => void;
  run: (work: () => Promise<void>) => Promise<boolean>;
} {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const run = useCallback(async (work: () => Promise<void>) => {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
      return true;
    } catch (error) {
      setRefusal(asRefusal(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setRefusal(null), []);
  return { busy, refusal, clear, run };
}

export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(error instanceof Error ? error.message : String(error), {
    code: 'page-failed',
    status: 0,
  });
}
