// What a decision of an officer is: who, in which states, what is asked, which operation; and the questions that recur.
import type { MovementParts } from '../generated/documents';

export type Answers = Readonly<Record<string, string>>;
/** Something that is asked before a decision is taken. */
export type Question =
  | { name: string; kind: 'code'; family: string; codes: readonly string[] }
  | { name: string; kind: 'text'; needed: boolean }
  /** Several, one a line. */
  | { name: string; kind: 'lines' };

export type Decision = {
  id: string;
  tone: 'main' | 'plain' | 'danger';
  /** The office of departure, that of destination, or any where the person serves: on the way, or aside from it. */
  by: 'departure' | 'destination' | 'on-the-way' | 'aside';
  states: readonly string[];
  asks: readonly Question[];
  run: (movement: MovementParts, office: string, answers: Answers) => Promise<unknown>;
};

export const REASON: Question = { name: 'reason', kind: 'text', needed: true };
export const REMARKS: Question = { name: 'remarks', kind: 'text', needed: false };
export const SEALS: Question = { name: 'seals', kind: 'lines' };
export const DOCUMENTS: Question = { name: 'documents', kind: 'lines' };
export const CONTROLS = ['10', '20', '30', '40', '50'];

export const seen = (movement: MovementParts) => ({
  movement: movement.id,
  expectedVersion: movement.version,
});
export const told = (answers: Answers, name: string) => answers[name]?.trim() || null;
export const need = (answers: Answers, name: string) => answers[name]?.trim() ?? '';

/** The lines of an answer that say something. */
export const lines = (answers: Answers, name: string) =>
  (answers[name] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
/** Documents, each a line: its kind by code list, then its number or description. */
export const documents = (answers: Answers) =>
  lines(answers, 'documents').map((line) => {
    const [documentType = '', ...rest] = line.split(/\s+/);
    return { documentType: documentType.toUpperCase(), description: rest.join(' ') || null };
  });

export const because = (movement: MovementParts, answers: Answers) => ({
  ...seen(movement),
  reason: need(answers, 'reason'),
});
