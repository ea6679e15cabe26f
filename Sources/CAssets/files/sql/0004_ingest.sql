-- What arrived at each source last, to answer "why did this not page?".
CREATE TABLE payloads (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES alert_sources (id) ON DELETE CASCADE,
    received_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    content_type TEXT,
    user_agent TEXT,
    size BIGINT NOT NULL,
    body BYTEA NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('taken', 'rejected', 'failed')),
    results TEXT NOT NULL
) STRICT;
CREATE INDEX payloads_by_source ON payloads (source_id, id);

-- Topics of SNS that a source heard of, and whether they are subscribed to.
CREATE TABLE sns_subscriptions (
    source_id TEXT NOT NULL REFERENCES alert_sources (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'failed', 'ended')),
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source_id, topic)
) STRICT;

-- Messages of SNS that were taken, for as long as a copy of one could be taken for a new one.
CREATE TABLE sns_messages (
    source_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (source_id, message_id)
) STRICT;
CREATE INDEX sns_messages_by_expiry ON sns_messages (expires_at);

CREATE TABLE heartbeats (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    token TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX heartbeats_by_token ON heartbeats (token);
CREATE UNIQUE INDEX heartbeats_by_name ON heartbeats (team_id, LOWER(name));

CREATE TABLE heartbeat_states (
    heartbeat_id TEXT PRIMARY KEY REFERENCES heartbeats (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('new', 'up', 'late', 'failed')),
    last_beat_at BIGINT,
    started_at BIGINT,
    due_at BIGINT
) STRICT;
CREATE INDEX heartbeat_states_due ON heartbeat_states (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE maintenance_windows (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;

-- The alerts of an incident that groups several, and where an incident stood that its source resolved.
ALTER TABLE incidents ADD COLUMN alerts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE incidents ADD COLUMN before_resolution TEXT;
