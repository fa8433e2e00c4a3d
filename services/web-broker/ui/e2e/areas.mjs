// The areas of everybody: which pages a person of the sandbox walks through.
import { sandbox } from './browser.mjs';

const guarantee = `/desk/guarantees/${sandbox.guarantee.grn}`;

export const AREAS = {
  declarant: [
    '/desk',
    '/desk/movements',
    '/desk/arrivals',
    '/desk/arrivals/new',
    '/desk/guarantees',
    '/desk/organisation',
    '/desk/systems',
    '/desk/offices',
    '/desk/publications',
    '/desk/notifications',
  ],
  'officer-departure': [
    '/desk/queue',
    guarantee,
    '/desk/organisation',
    '/desk/notifications',
    '/desk/statistics',
  ],
  insurer: ['/desk/guarantees', '/desk/guarantees/new', guarantee, '/desk/organisation'],
  administrator: [
    '/desk/organisations',
    '/desk/applications',
    '/desk/references',
    '/desk/publish',
    '/desk/in-force',
    '/desk/dead-letters',
    '/desk/statistics',
  ],
};

export const PUBLIC = ['/', '/public/follow', '/public/offices', '/public/publications', '/public/register'];
