-- Where teams read, with the code that verifies each.
CREATE TABLE team_channels (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    code_hash TEXT,
    code_expires_at BIGINT,
    code_tries BIGINT NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX team_channels_by_name ON team_channels (team_id, LOWER(name));

-- The message that shows one incident in one channel. Without foreign keys, so that a channel that somebody deletes at
-- the same moment stops no incident.
CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    -- Counts the changes that it should show.
    wanted BIGINT NOT NULL,
    -- When to post next. NULL when it shows everything, or has failed.
    due_at BIGINT,
    attempts BIGINT NOT NULL,
    reference TEXT,
    told TEXT NOT NULL,
    posted_at BIGINT,
    fault TEXT
) STRICT;
CREATE INDEX posts_of_incidents ON posts (incident_id);
CREATE INDEX posts_of_channels ON posts (channel_id, posted_at);
CREATE INDEX posts_due ON posts (due_at) WHERE due_at IS NOT NULL;
