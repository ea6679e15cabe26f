-- How many pages wait is read from this index alone. Without the state in it, SQLite counted in an index of all pages.
DROP INDEX pages_not_left;
CREATE INDEX pages_not_left ON pages (incident_id, user_id, state) WHERE state IN ('queued', 'claimed');
