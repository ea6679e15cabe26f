-- What queries ask about the documents of a row has a column, or a table, of its own.
ALTER TABLE incidents ADD COLUMN is_held BIGINT NOT NULL DEFAULT 0;
CREATE INDEX incidents_held ON incidents (id) WHERE is_held = 1;

-- The alerts of open incidents that group several.
CREATE TABLE alert_keys (
    incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    source_id TEXT NOT NULL,
    alert_key TEXT NOT NULL,
    PRIMARY KEY (incident_id, alert_key)
) STRICT;
CREATE INDEX alert_keys_by_source ON alert_keys (source_id, alert_key);

ALTER TABLE audit ADD COLUMN author_user_id TEXT;
CREATE INDEX audit_by_author ON audit (author_user_id, id);
