-- What is deleted after its time, the oldest first.
CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX pages_alone ON pages (queued_at) WHERE incident_id IS NULL;
