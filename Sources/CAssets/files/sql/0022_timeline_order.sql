-- An incident's timeline in the order of its commits, whatever the clocks of the processes say. What is older keeps the
-- order of its times.
ALTER TABLE timeline ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX timeline_in_order ON timeline (incident_id, version, at, id);
DROP INDEX timeline_by_incident;
