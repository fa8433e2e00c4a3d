// What the office of departure decides before the goods are on their way, as a table.
import { ask } from '../api/graphql';
import {
  AcceptDeclaration,
  AnnounceControl,
  AnswerWithdrawal,
  InvalidateMovement,
  OrderControl,
  RecordControl,
  RefuseRelease,
  RejectDeclaration,
  ReleaseMovement,
  RequestAmendment,
} from '../generated/documents';
import {
  because,
  CONTROLS,
  type Decision,
  DOCUMENTS,
  documents,
  lines,
  need,
  REASON,
  REMARKS,
  SEALS,
  seen,
  told,
} from './decision';

export const AT_DEPARTURE: readonly Decision[] = [
  {
    id: 'release',
    tone: 'main',
    by: 'departure',
    states: ['awaiting-release'],
    asks: [],
    run: (movement) => ask(ReleaseMovement, { input: seen(movement) }),
  },
  {
    id: 'control',
    tone: 'plain',
    by: 'departure',
    states: ['awaiting-release'],
    asks: [
      { name: 'control-type', kind: 'code', family: 'control-type', codes: CONTROLS },
      REASON,
      DOCUMENTS,
    ],
    run: (movement, _, answers) =>
      ask(OrderControl, {
        input: {
          ...seen(movement),
          controlType: need(answers, 'control-type'),
          reason: need(answers, 'reason'),
          documents: documents(answers),
        },
      }),
  },
  {
    id: 'refuse',
    tone: 'danger',
    by: 'departure',
    states: ['awaiting-release'],
    asks: [REASON],
    run: (movement, _, answers) =>
      ask(RefuseRelease, { input: { ...seen(movement), reason: need(answers, 'reason') } }),
  },
  {
    id: 'result',
    tone: 'main',
    by: 'departure',
    states: ['under-control'],
    asks: [
      {
        name: 'result',
        kind: 'code',
        family: 'control-result',
        codes: ['SATISFACTORY', 'MINOR', 'UNSATISFACTORY'],
      },
      SEALS,
      DOCUMENTS,
      REMARKS,
    ],
    run: (movement, _, answers) =>
      ask(RecordControl, {
        input: {
          ...seen(movement),
          result: need(answers, 'result') as 'SATISFACTORY',
          seals: lines(answers, 'seals'),
          documents: documents(answers),
          remarks: told(answers, 'remarks'),
        },
      }),
  },
  {
    id: 'accept',
    tone: 'main',
    by: 'departure',
    states: ['awaiting-acceptance'],
    asks: [],
    run: (movement) => ask(AcceptDeclaration, { input: seen(movement) }),
  },
  {
    id: 'reject',
    tone: 'danger',
    by: 'departure',
    states: ['awaiting-acceptance'],
    asks: [REASON],
    run: (movement, _, answers) => ask(RejectDeclaration, { input: because(movement, answers) }),
  },
  {
    id: 'announce-control',
    tone: 'plain',
    by: 'departure',
    states: ['pre-lodged'],
    asks: [REASON],
    run: (movement, _, answers) => ask(AnnounceControl, { input: because(movement, answers) }),
  },
  {
    id: 'request-amendment',
    tone: 'plain',
    by: 'departure',
    states: ['awaiting-release'],
    asks: [REASON],
    run: (movement, _, answers) => ask(RequestAmendment, { input: because(movement, answers) }),
  },
  {
    id: 'answer-withdrawal',
    tone: 'plain',
    by: 'departure',
    states: [
      'guarantee-under-registration',
      'guarantee-under-amendment',
      'awaiting-release',
      'amendment-requested',
    ],
    asks: [{ name: 'granted', kind: 'code', family: 'granted', codes: ['yes', 'no'] }, REMARKS],
    run: (movement, _, answers) =>
      ask(AnswerWithdrawal, {
        input: { ...seen(movement), granted: answers.granted === 'yes', reason: told(answers, 'remarks') },
      }),
  },
  {
    id: 'invalidate',
    tone: 'danger',
    by: 'departure',
    states: [
      'pre-lodged',
      'awaiting-acceptance',
      'guarantee-under-registration',
      'guarantee-under-amendment',
      'awaiting-release',
      'amendment-requested',
      'under-control',
      'minor-discrepancies',
      'released',
    ],
    asks: [REASON],
    run: (movement, _, answers) => ask(InvalidateMovement, { input: because(movement, answers) }),
  },
];
