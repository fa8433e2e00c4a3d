// The notes and files about a movement, all of them: what was asked last must not be missing where much was written.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from '../api/graphql';
import { partOf } from '../api/pages';
import {
  Correspondence,
  type CorrespondenceAnswer,
  type FileParts,
  type NoteParts,
} from '../generated/documents';

type Told = { notes: readonly NoteParts[]; files: readonly FileParts[] };

/** Everything that was written about a movement and attached to it. */
export async function everythingWritten(movement: string): Promise<Told> {
  const notes: NoteParts[] = [];
  const files: FileParts[] = [];
  let notesAfter: string | null = null;
  let filesAfter: string | null = null;
  for (let first = true; first || notesAfter || filesAfter; first = false) {
    const answer: CorrespondenceAnswer = await ask(Correspondence, { movement, notesAfter, filesAfter });
    const [told, attached] = [partOf(answer.movementNotes), partOf(answer.movementFiles)];
    // A list that is at its end already is told from its beginning again, beside the other one.
    if (first || notesAfter) {
      notes.push(...told.nodes);
      notesAfter = told.next;
    }
    if (first || filesAfter) {
      files.push(...attached.nodes);
      filesAfter = attached.next;
    }
  }
  return { notes, files };
}

/** The same, kept while it is asked anew; `null` until it is there. */
export function useCorrespondence(movement: string): { told: Told | null; again: () => Promise<void> } {
  const [told, setTold] = useState<Told | null>(null);
  const newest = useRef(0);
  const again = useCallback(async () => {
    newest.current += 1;
    const mine = newest.current;
    // Who may not read it sees the page without it.
    const found = await everythingWritten(movement).catch(() => null);
    if (found && mine === newest.current) setTold(found);
  }, [movement]);
  useEffect(() => {
    setTold(null);
    again();
    return () => {
      newest.current += 1;
    };
  }, [again]);
  return { told, again };
}
