-- What does not agree in the databases of a suite in which nothing is under way: one line each, nothing when all is well.
--   psql --no-psqlrc --tuples-only --no-align --file consistent.sql "$ECUSTOMS_POSTGRES_URL"
-- The first column names the rule, the second what breaks it. It only reads.

-- The running balances of every guarantee are the sums of its postings, by double entry.
WITH accounts (account, sign) AS (VALUES ('limit', -1), ('available', 1), ('held', 1), ('called', 1), ('paid', 1)),
posted AS (
  SELECT g.id, a.account,
    a.sign * COALESCE(SUM(CASE WHEN p.debit = a.account THEN p.amount_minor ELSE 0 END
                        - CASE WHEN p.credit = a.account THEN p.amount_minor ELSE 0 END), 0) AS minor
  FROM guarantees.guarantees g CROSS JOIN accounts a LEFT JOIN guarantees.postings p ON p.guarantee_id = g.id
  GROUP BY g.id, a.account, a.sign
),
running AS (
  SELECT g.id, a.account, CASE a.account
      WHEN 'limit' THEN g.limit_minor WHEN 'held' THEN g.held_minor WHEN 'called' THEN g.called_minor
      WHEN 'paid' THEN g.paid_minor ELSE g.limit_minor - g.held_minor - g.called_minor - g.paid_minor END AS minor
  FROM guarantees.guarantees g CROSS JOIN accounts a
)
SELECT 'balance is the sum of postings', concat_ws(' ', id, account, running.minor, 'is not', posted.minor)
FROM running JOIN posted USING (id, account) WHERE running.minor <> posted.minor;

-- What a guarantee holds is what its open holds cover, and it knows how many there are.
SELECT 'held is what open holds cover', concat_ws(' ', g.id, g.held_minor, 'in', g.open_uses, 'is not', open.minor, 'in', open.uses)
FROM guarantees.guarantees g
CROSS JOIN LATERAL (
  SELECT COUNT(*) AS uses, COALESCE(SUM(amount_minor), 0) AS minor FROM guarantees.holds
  WHERE guarantee_id = g.id AND ended_at IS NULL
) open
WHERE g.held_minor <> open.minor OR g.open_uses <> open.uses;

-- A hold is for a movement that there is, and open for none that has ended.
SELECT 'a hold has its movement', concat_ws(' ', h.mrn, h.state, 'but the movement is', COALESCE(m.state, 'unknown'))
FROM guarantees.holds h LEFT JOIN declarations.movements m ON m.id = h.movement
WHERE m.id IS NULL
   OR (h.ended_at IS NULL AND m.state IN ('rejected', 'cancelled', 'not-released', 'written-off'));

-- A movement whose goods may move is covered.
SELECT 'a movement has its hold', concat_ws(' ', m.mrn, 'is', m.state)
FROM declarations.movements m
WHERE m.state IN ('awaiting-release', 'under-control', 'released', 'arrived', 'under-discharge')
  AND NOT EXISTS (SELECT 1 FROM guarantees.holds h WHERE h.movement = m.id AND h.ended_at IS NULL);

-- Every accepted movement has an MRN of its own; what happened to it is numbered without gaps and ends where it says.
SELECT 'one movement an MRN', concat_ws(' ', mrn, 'is there', COUNT(*), 'times')
FROM declarations.movements WHERE mrn IS NOT NULL GROUP BY mrn HAVING COUNT(*) > 1;
SELECT 'history without gaps', concat_ws(' ', m.id, 'says', m.events, 'and has', COUNT(e.sequence), 'up to', MAX(e.sequence))
FROM declarations.movements m LEFT JOIN declarations.movement_events e ON e.movement = m.id
GROUP BY m.id, m.events HAVING COUNT(e.sequence) <> m.events OR COALESCE(MAX(e.sequence), 0) <> m.events;
SELECT 'the last event is the state', concat_ws(' ', m.id, 'is', m.state, 'after', e.state)
FROM declarations.movements m JOIN declarations.movement_events e ON e.movement = m.id AND e.sequence = m.events
WHERE e.state <> m.state OR e.hash <> m.last_hash;
SELECT 'messages without gaps', concat_ws(' ', d.id, 'says', d.messages, 'and has', COUNT(t.sequence), 'up to', MAX(t.sequence))
FROM (SELECT id, messages FROM declarations.movements UNION ALL SELECT id, messages FROM declarations.arrivals) d
LEFT JOIN declarations.movement_messages t ON t.dossier = d.id
GROUP BY d.id, d.messages HAVING COUNT(t.sequence) <> d.messages OR COALESCE(MAX(t.sequence), 0) <> d.messages;

-- Boxes are numbered without gaps, and every message of customs lies in the box of its receiver, once.
SELECT 'boxes without gaps', concat_ws(' ', b.owner, 'says', b.last_number, 'and has', COUNT(e.number), 'up to', MAX(e.number))
FROM notifications.boxes b LEFT JOIN notifications.entries e ON e.owner = b.owner
GROUP BY b.owner, b.last_number HAVING COUNT(e.number) <> b.last_number OR COALESCE(MAX(e.number), 0) <> b.last_number;
SELECT 'a message is in its box once', concat_ws(' ', t.id, 'for', t.party, 'is there', COUNT(e.number), 'times')
FROM declarations.movement_messages t LEFT JOIN notifications.entries e ON e.message = t.id AND e.owner = t.party
WHERE t.direction = 'issued' GROUP BY t.id, t.party HAVING COUNT(e.number) <> 1;

-- The journal of statistics has every stage of every movement once, and the counters say what the journal says.
WITH stages (event, stage) AS (VALUES ('released', 'released'), ('arrived', 'arrived'), ('written-off', 'discharged')),
told AS (
  SELECT s.stage, e.movement, COUNT(*) AS number
  FROM declarations.movement_events e JOIN stages s ON s.event = e.event GROUP BY s.stage, e.movement
),
kept AS (SELECT stage, movement, COUNT(*) AS number FROM statistics.journal GROUP BY stage, movement)
SELECT 'the journal has what happened', concat_ws(' ', stage, movement, 'happened', COALESCE(told.number, 0), 'times and is there', COALESCE(kept.number, 0))
FROM told FULL JOIN kept USING (stage, movement) WHERE COALESCE(told.number, 0) <> COALESCE(kept.number, 0);
SELECT 'counters say what the journal says', concat_ws(' ', stage, counted, 'are counted and', number, 'in the journal')
FROM (
  SELECT COALESCE(SUM(released), 0) AS released, COALESCE(SUM(arrived), 0) AS arrived, COALESCE(SUM(discharged), 0) AS discharged
  FROM statistics.counters WHERE transit_country = ''
) c
CROSS JOIN LATERAL (VALUES ('released', c.released), ('arrived', c.arrived), ('discharged', c.discharged)) one (stage, counted)
CROSS JOIN LATERAL (SELECT COUNT(*) AS number FROM statistics.journal j WHERE j.stage = one.stage) kept
WHERE counted <> number;

-- Nothing waits: no message, no command of a saga, no dead letter.
SELECT 'nothing waits to be published', concat_ws(' ', service, number) FROM (
  SELECT 'declarations' AS service, COUNT(*) AS number FROM declarations.outbox
  UNION ALL SELECT 'guarantees', COUNT(*) FROM guarantees.outbox
  UNION ALL SELECT 'references', COUNT(*) FROM "references".outbox
  UNION ALL SELECT 'web-broker', COUNT(*) FROM "web-broker".outbox
  UNION ALL SELECT 'notifications', COUNT(*) FROM notifications.outbox
  UNION ALL SELECT 'statistics', COUNT(*) FROM statistics.outbox
) waiting WHERE number > 0;
SELECT 'no dead letters', concat_ws(' ', service, number) FROM (
  SELECT 'declarations' AS service, COUNT(*) AS number FROM declarations.dead_letters
  UNION ALL SELECT 'guarantees', COUNT(*) FROM guarantees.dead_letters
  UNION ALL SELECT 'references', COUNT(*) FROM "references".dead_letters
  UNION ALL SELECT 'web-broker', COUNT(*) FROM "web-broker".dead_letters
  UNION ALL SELECT 'notifications', COUNT(*) FROM notifications.dead_letters
  UNION ALL SELECT 'statistics', COUNT(*) FROM statistics.dead_letters
) waiting WHERE number > 0;
SELECT 'no saga is under way', concat_ws(' ', name, step, aggregate, 'since', changed_at)
FROM declarations.sagas WHERE status = 'running';
