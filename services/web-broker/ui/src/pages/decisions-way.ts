// What offices on the way and at destination decide, as a table.
import { ask } from '../api/graphql';
import {
  DivertMovement,
  OrderOfficeControl,
  PermitUnloading,
  RecordArrival,
  RecordDestinationControl,
  RecordOfficeControl,
} from '../generated/documents';
import {
  CONTROLS,
  type Decision,
  DOCUMENTS,
  documents,
  lines,
  need,
  REASON,
  REMARKS,
  SEALS,
  told,
} from './decision';

export const ON_THE_WAY: readonly Decision[] = [
  {
    id: 'destination',
    tone: 'main',
    by: 'destination',
    states: ['arrived'],
    asks: [
      { name: 'result', kind: 'code', family: 'destination-result', codes: ['A1', 'A2', 'A5', 'B1'] },
      { name: 'seals-seen', kind: 'code', family: 'seals-seen', codes: ['unseen', 'intact', 'broken'] },
      DOCUMENTS,
      REMARKS,
    ],
    run: (movement, office, answers) =>
      ask(RecordDestinationControl, {
        input: {
          mrn: movement.mrn ?? '',
          office,
          code: need(answers, 'result'),
          sealsIntact: answers['seals-seen'] === 'unseen' ? null : answers['seals-seen'] === 'intact',
          documents: documents(answers),
          remarks: told(answers, 'remarks'),
        },
      }),
  },
  {
    id: 'arrival',
    tone: 'plain',
    by: 'destination',
    states: ['released', 'overdue', 'under-enquiry', 'enquiry-answered'],
    asks: [],
    run: (movement, office) => ask(RecordArrival, { input: { mrn: movement.mrn ?? '', office } }),
  },
  {
    id: 'permit-unloading',
    tone: 'plain',
    by: 'destination',
    states: ['arrived'],
    asks: [],
    run: (movement, office) => ask(PermitUnloading, { input: { mrn: movement.mrn ?? '', office } }),
  },
  {
    id: 'office-control',
    tone: 'plain',
    by: 'on-the-way',
    states: ['released', 'arrived'],
    asks: [{ name: 'control-type', kind: 'code', family: 'control-type', codes: CONTROLS }, REASON],
    run: (movement, office, answers) =>
      ask(OrderOfficeControl, {
        input: {
          mrn: movement.mrn ?? '',
          office,
          controlType: need(answers, 'control-type'),
          reason: need(answers, 'reason'),
        },
      }),
  },
  {
    id: 'office-control-result',
    tone: 'plain',
    by: 'on-the-way',
    states: ['released', 'arrived'],
    asks: [
      {
        name: 'result',
        kind: 'code',
        family: 'office-control-result',
        codes: ['SATISFACTORY', 'UNSATISFACTORY'],
      },
      SEALS,
      DOCUMENTS,
      REMARKS,
    ],
    run: (movement, office, answers) =>
      ask(RecordOfficeControl, {
        input: {
          mrn: movement.mrn ?? '',
          office,
          result: need(answers, 'result') as 'SATISFACTORY',
          seals: lines(answers, 'seals'),
          documents: documents(answers),
          remarks: told(answers, 'remarks'),
        },
      }),
  },
  {
    id: 'divert',
    tone: 'plain',
    by: 'aside',
    states: ['released', 'overdue'],
    asks: [
      { name: 'diverted-role', kind: 'code', family: 'diverted-role', codes: ['TRANSIT', 'DESTINATION'] },
      REASON,
    ],
    run: (movement, office, answers) =>
      ask(DivertMovement, {
        input: {
          mrn: movement.mrn ?? '',
          office,
          role: need(answers, 'diverted-role') as 'TRANSIT',
          reason: need(answers, 'reason'),
        },
      }),
  },
];
