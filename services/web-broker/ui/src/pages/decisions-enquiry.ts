// What the office of departure decides when goods or duties are missing, as a table.
import { ask } from '../api/graphql';
import {
  AcceptProof,
  BeginRecovery,
  ClaimGuarantor,
  OpenEnquiry,
  RecordRecoveryPayment,
  RejectAnswer,
  SolveDiscrepancies,
} from '../generated/documents';
import { because, type Decision, need, REASON, REMARKS, seen, told } from './decision';

export const IN_ENQUIRY: readonly Decision[] = [
  {
    id: 'solve-discrepancies',
    tone: 'main',
    by: 'departure',
    states: ['discrepancies-pending'],
    asks: [REMARKS],
    run: (movement, _, answers) =>
      ask(SolveDiscrepancies, { input: { ...seen(movement), remarks: told(answers, 'remarks') } }),
  },
  {
    id: 'open-enquiry',
    tone: 'main',
    by: 'departure',
    states: ['overdue'],
    asks: [REASON],
    run: (movement, _, answers) => ask(OpenEnquiry, { input: because(movement, answers) }),
  },
  {
    id: 'accept-proof',
    tone: 'main',
    by: 'departure',
    states: ['under-enquiry', 'enquiry-answered', 'under-recovery'],
    asks: [REASON],
    run: (movement, _, answers) =>
      ask(AcceptProof, { input: { ...seen(movement), remarks: need(answers, 'reason') } }),
  },
  {
    id: 'reject-answer',
    tone: 'plain',
    by: 'departure',
    states: ['enquiry-answered'],
    asks: [REASON],
    run: (movement, _, answers) => ask(RejectAnswer, { input: because(movement, answers) }),
  },
  {
    id: 'begin-recovery',
    tone: 'danger',
    by: 'departure',
    states: ['overdue', 'under-enquiry', 'enquiry-answered', 'discrepancies-pending'],
    asks: [
      REASON,
      { name: 'amount', kind: 'text', needed: false },
      { name: 'currency', kind: 'text', needed: false },
    ],
    run: (movement, _, answers) =>
      ask(BeginRecovery, {
        input: {
          ...seen(movement),
          text: need(answers, 'reason'),
          amount: told(answers, 'amount'),
          currency: told(answers, 'currency'),
        },
      }),
  },
  {
    id: 'record-payment',
    tone: 'main',
    by: 'departure',
    states: ['under-recovery', 'guarantor-called'],
    asks: [{ name: 'reference', kind: 'text', needed: true }],
    run: (movement, _, answers) =>
      ask(RecordRecoveryPayment, { input: { ...seen(movement), reference: need(answers, 'reference') } }),
  },
  {
    id: 'claim',
    tone: 'danger',
    by: 'departure',
    states: ['under-recovery'],
    asks: [],
    run: (movement) => ask(ClaimGuarantor, { input: seen(movement) }),
  },
];
