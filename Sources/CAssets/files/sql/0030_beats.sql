-- The latest signals of each heartbeat monitor.
CREATE TABLE beats (
    id TEXT PRIMARY KEY,
    heartbeat_id TEXT NOT NULL REFERENCES heartbeats (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    signal TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    is_late BIGINT NOT NULL
) STRICT;
CREATE INDEX beats_by_heartbeat ON beats (heartbeat_id, id);
