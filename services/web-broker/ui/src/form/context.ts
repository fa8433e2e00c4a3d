// What every field of a form shares.
import { createContext, useContext } from 'react';
import type { Choice } from '../api/codes';
import type { Definition, Element } from './catalogue';
import { type Findings, NONE, type Told } from './findings';
import type { Path, Value } from './tree';

export type Form = {
  definition: Definition;
  findings: Findings;
  readOnly: boolean;
  set: (path: Path, value: Value | undefined) => void;
  /** Mends an error as it proposes. */
  apply: (told: Told) => void;
  /** Whether the occurrence of a group at `path` must stay, though what it says may change. */
  stays: (path: Path) => boolean;
  /** Whether the person may use the address book and the catalogue of the organisation. */
  shelf: boolean;
  /** Values that a field offers besides its list, such as one's own guarantees. */
  offers: (element: Element) => ((typed: string) => Promise<Choice[]>) | null;
};

export const FormContext = createContext<Form | null>(null);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('a field stands outside of a form');
  return form;
}

/** The errors that stand at one place. */
export function useFindings(id: string) {
  return (useForm().findings ?? NONE).get(id) ?? [];
}
