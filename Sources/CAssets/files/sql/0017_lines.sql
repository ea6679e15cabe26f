-- The line in which a queued page waits: urgent pages first, first pages before repeats, then by team and by contact
-- method. Pages of a line that can be bundled ('b') wait apart from single ones ('s').
ALTER TABLE pages ADD COLUMN line TEXT GENERATED ALWAYS AS (
  urgency || CASE WHEN attempts = 0 AND cycle = 1 THEN '/0' ELSE '/1' END
  || CASE WHEN attempts = 0 AND purpose = 'incident' THEN 'b/' ELSE 's/' END
  || COALESCE(team_id, '') || '/' || contact_method_id) STORED;
-- A claim reads the head of each line and never what waits behind it.
CREATE INDEX pages_in_line ON pages (channel, line, due_at, id) WHERE state = 'queued';
-- Pages that have not left, by the time at which they are due, and those of an incident.
CREATE INDEX pages_waiting ON pages (due_at, id) WHERE state IN ('queued', 'claimed');
CREATE INDEX pages_not_left ON pages (incident_id, user_id) WHERE state IN ('queued', 'claimed');
DROP INDEX pages_due;
-- Attempts that began within a span of time.
CREATE INDEX attempts_by_time ON attempts (at);
-- The log of pages by channel and state. Its first column is not the state, so that SQLite does not walk through all
-- pages in a state where it could look up a few by their ids.
DROP INDEX pages_by_state;
CREATE INDEX pages_in_log ON pages (channel, state, id);
