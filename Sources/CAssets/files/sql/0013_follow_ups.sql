-- What must still follow something that is committed. A row is written with that, and deleted with what follows.
CREATE TABLE follow_ups (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    -- The page, the person or the monitor that it is about.
    subject_id TEXT NOT NULL,
    incident_id TEXT REFERENCES incidents (id) ON DELETE CASCADE,
    -- The person's name as it was then.
    name TEXT,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    fault TEXT
) STRICT;
CREATE INDEX follow_ups_due ON follow_ups (due_at, id);
CREATE INDEX follow_ups_by_incident ON follow_ups (incident_id);
