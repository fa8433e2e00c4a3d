// What the conditions ask of the message of now: decided anew when it changes, with the code lists that they need.
import { createContext, useContext, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { codesWithin } from '../api/codes';
import type { Definition } from './catalogue';
import { complete } from './complete';
import { type Need, type Needs, NO_NEEDS, needsOf } from './conditions';
import type { Tree } from './tree';

export const NeedsContext = createContext<Needs>(NO_NEEDS);

/** What the conditions say of the element at a place of the page. */
export function useNeed(id: string): Need | undefined {
  return useContext(NeedsContext).get(id);
}

/** Codes that are asked for together are asked at once, when nothing more is typed for so long. */
const GATHER_MS = 300;
const SEPARATOR = '\n';
/** Whether a code is in a list, as far as that was asked; a list that the suite does not know stays open. */
const known = new Map<string, boolean | null>();

/** What the conditions say of every element of a message that is filled in. */
export function useNeeds(definition: Definition, tree: Tree, sender: string): Needs {
  const settled = useDeferredValue(tree);
  const [asked, setAsked] = useState(0);
  const before = useRef<{ needs: Needs; key: string }>({ needs: NO_NEEDS, key: '' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked of the lists is known now
  const { needs, open } = useMemo(() => {
    const wanted = new Set<string>();
    const inList = (list: string, code: string) => {
      const key = `${list}${SEPARATOR}${code}`;
      const told = known.get(key);
      if (told === undefined) wanted.add(key);
      return told ?? null;
    };
    const whole = complete(definition.root, settled, { sender, at: new Date(), fresh: false });
    const found = needsOf(definition, whole, inList);
    // Fields are drawn again only where something is asked otherwise than before.
    const key = JSON.stringify([...found]);
    if (key !== before.current.key) before.current = { needs: found, key };
    return { needs: before.current.needs, open: [...wanted].sort().join('\t') };
  }, [definition, settled, sender, asked]);
  useEffect(() => {
    if (!open) return;
    let over = false;
    const gather = setTimeout(() => {
      look(open.split('\t')).then((more) => !over && more && setAsked((count) => count + 1));
    }, GATHER_MS);
    return () => {
      over = true;
      clearTimeout(gather);
    };
  }, [open]);
  return needs;
}

/** Asks the suite for codes, list by list; whether anything is known now that was not. */
async function look(keys: readonly string[]): Promise<boolean> {
  const byList = new Map<string, string[]>();
  for (const key of keys) {
    const [list = '', code = ''] = key.split(SEPARATOR);
    byList.set(list, [...(byList.get(list) ?? []), code]);
  }
  const all = [...byList].map(async ([list, codes]) => {
    const within = await codesWithin(list, codes);
    if (!within) return false;
    for (const code of codes) known.set(`${list}${SEPARATOR}${code}`, within.includes(code));
    return true;
  });
  return (await Promise.all(all)).some(Boolean);
}
