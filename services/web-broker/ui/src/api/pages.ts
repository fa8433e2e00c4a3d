// A list that is fetched part by part: what was shown stays when more is fetched, and is asked anew as far as it was shown.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask, type Document, type Refusal } from './graphql';
import { asRefusal } from './use';

type Connection<Node> = {
  edges: ReadonlyArray<{ node: Node }>;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};
/** One part of a list, and the cursor behind which the next one begins; `null` at the end. */
export type Part<Node> = { nodes: readonly Node[]; next: string | null };

export type Pages<Node> = {
  /** Everything that was fetched; `null` before the first part is there. */
  nodes: readonly Node[] | null;
  refusal: Refusal | null;
  busy: boolean;
  /** Whether there is more, as the button for it asks. */
  page: { hasNextPage: boolean };
  more: () => void;
  again: () => Promise<void>;
};

/** A part of a list that is told as a connection. */
export function partOf<Node>({ edges, pageInfo }: Connection<Node>): Part<Node> {
  return { nodes: edges.map(({ node }) => node), next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

type Seen<Node> = { wanted: string | null; nodes: readonly Node[]; parts: number; next: string | null };

/**
 * Asks `document` now and whenever the variables change, which begins the list anew; asks nothing while they are `null`.
 * `take` finds the list in an answer, `place` puts the cursor into the variables.
 */
export function usePages<Answer, Variables extends Record<string, unknown>, Node>(
  document: Document<Answer, Variables>,
  variables: Variables | null,
  take: (answer: Answer) => Part<Node>,
  place: (variables: Variables, after: string) => Variables = (before, after) => ({ ...before, after }),
): Pages<Node> {
  const wanted = variables && JSON.stringify(variables);
  const [seen, setSeen] = useState<Seen<Node>>({ wanted: null, nodes: [], parts: 0, next: null });
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(wanted !== null);
  const shown = useRef(seen);
  const newest = useRef(0);
  const latest = useRef({ take, place });
  useEffect(() => {
    shown.current = seen;
    latest.current = { take, place };
  });
  const run = useCallback(async (work: () => Promise<Seen<Node>>) => {
    newest.current += 1;
    const mine = newest.current;
    setBusy(true);
    try {
      const found = await work();
      if (mine !== newest.current) return;
      shown.current = found;
      setSeen(found);
      setRefusal(null);
    } catch (error) {
      if (mine === newest.current) setRefusal(asRefusal(error));
    }
    if (mine === newest.current) setBusy(false);
  }, []);
  /** One part, behind `after` unless it is the first. */
  const part = useCallback(
    async (after: string | null) => {
      const asked = JSON.parse(wanted ?? '{}') as Variables;
      const { take: find, place: put } = latest.current;
      return find(await ask(document, after ? put(asked, after) : asked));
    },
    [document, wanted],
  );
  const again = useCallback(async () => {
    if (wanted === null) return;
    const parts = shown.current.wanted === wanted ? Math.max(shown.current.parts, 1) : 1;
    await run(async () => {
      let found = await part(null);
      const nodes = [...found.nodes];
      let fetched = 1;
      for (; fetched < parts && found.next; fetched++) {
        found = await part(found.next);
        nodes.push(...found.nodes);
      }
      return { wanted, nodes, parts: fetched, next: found.next };
    });
  }, [wanted, part, run]);
  const more = useCallback(() => {
    const before = shown.current;
    if (wanted === null || before.wanted !== wanted || !before.next) return;
    run(async () => {
      const found = await part(before.next);
      return { wanted, nodes: [...before.nodes, ...found.nodes], parts: before.parts + 1, next: found.next };
    });
  }, [wanted, part, run]);
  useEffect(() => {
    setRefusal(null);
    again();
    return () => {
      newest.current += 1;
    };
  }, [again]);
  const current = seen.wanted === wanted && wanted !== null ? seen : null;
  return {
    nodes: current?.nodes ?? null,
    refusal,
    busy,
    page: { hasNextPage: Boolean(current?.next) },
    more,
    again,
  };
}
