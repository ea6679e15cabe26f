-- Instants are microseconds since 1970 in UTC, ids are text, truth is 0 or 1, structured values are JSON.
-- For SQLite, BIGINT is written INTEGER; for PostgreSQL, STRICT is left out. Nothing else differs.

CREATE TABLE configuration (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
) STRICT;
INSERT INTO configuration (id, version) VALUES (1, 1);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('incident', 0);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;
INSERT INTO leases (name, holder, epoch, expires_at) VALUES ('scheduler', '', 0, 0);

CREATE TABLE teams (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    default_policy_id TEXT,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX teams_by_name ON teams (LOWER(name));

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'responder', 'manager', 'admin')),
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    quiet_from BIGINT,
    quiet_to BIGINT,
    password_hash TEXT,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_by_email ON users (LOWER(email));

CREATE TABLE memberships (
    team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT;

CREATE TABLE contact_methods (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'whatsapp', 'voice', 'email', 'webhook')),
    address TEXT NOT NULL,
    label TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    verified_at BIGINT,
    code_hash TEXT,
    code_expires_at BIGINT,
    code_tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_methods_by_address ON contact_methods (user_id, channel, address);

CREATE TABLE notification_rules (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    urgency TEXT NOT NULL CHECK (urgency IN ('low', 'high')),
    delay BIGINT NOT NULL,
    contact_method_id TEXT NOT NULL REFERENCES contact_methods (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX notification_rules_by_user ON notification_rules (user_id);

CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX schedules_by_name ON schedules (team_id, LOWER(name));

CREATE TABLE escalation_policies (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX escalation_policies_by_name ON escalation_policies (team_id, LOWER(name));

CREATE TABLE alert_sources (
    id TEXT PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    policy_id TEXT,
    default_severity TEXT NOT NULL,
    is_enabled BIGINT NOT NULL,
    reopen_window BIGINT NOT NULL,
    auto_resolve_after BIGINT,
    options TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    key_hint TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX alert_sources_by_key ON alert_sources (key_hash);
CREATE UNIQUE INDEX alert_sources_by_name ON alert_sources (team_id, LOWER(name));

CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    hint TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'write')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
) STRICT;
CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (hash);

CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    source_id TEXT,
    team_id TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    severity TEXT NOT NULL,
    urgency TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('triggered', 'acknowledged', 'resolved')),
    state_detail TEXT NOT NULL,
    links TEXT NOT NULL,
    labels TEXT NOT NULL,
    policy TEXT NOT NULL,
    cycle BIGINT NOT NULL,
    alert_count BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    starts_at BIGINT,
    last_alert_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    auto_resolves_at BIGINT,
    next_escalation_at BIGINT,
    first_acknowledged_at BIGINT,
    resolved_at BIGINT
) STRICT;
CREATE UNIQUE INDEX incidents_by_number ON incidents (number);
-- One open incident for each problem, whoever tries to open it at the same time.
CREATE UNIQUE INDEX incidents_open ON incidents (source_id, team_id, dedup_key) WHERE state <> 'resolved';
CREATE INDEX incidents_by_key ON incidents (source_id, team_id, dedup_key, number);
CREATE INDEX incidents_by_state ON incidents (state, number);
CREATE INDEX incidents_due ON incidents (next_escalation_at) WHERE next_escalation_at IS NOT NULL;

CREATE TABLE timeline (
    id TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL REFERENCES incidents (id),
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_by_incident ON timeline (incident_id, id);

CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    message_id TEXT,
    purpose TEXT NOT NULL CHECK (purpose IN ('incident', 'test', 'verification', 'notice')),
    incident_id TEXT REFERENCES incidents (id),
    team_id TEXT,
    user_id TEXT NOT NULL,
    contact_method_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    urgency TEXT NOT NULL,
    cycle BIGINT NOT NULL,
    step BIGINT NOT NULL,
    rule TEXT NOT NULL,
    body TEXT,
    state TEXT NOT NULL
        CHECK (state IN ('queued', 'withheld', 'claimed', 'sent', 'delivered', 'failed', 'cancelled')),
    queued_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    epoch BIGINT,
    claimed_at BIGINT,
    sent_at BIGINT,
    receipt_due_at BIGINT,
    finished_at BIGINT,
    provider TEXT,
    reference TEXT,
    fault TEXT,
    is_possible_duplicate BIGINT NOT NULL DEFAULT 0
) STRICT;
-- No rule fires twice in one turn.
CREATE UNIQUE INDEX pages_once ON pages (incident_id, cycle, user_id, rule) WHERE incident_id IS NOT NULL;
CREATE INDEX pages_due ON pages (channel, due_at) WHERE state = 'queued';
CREATE INDEX pages_claimed ON pages (epoch) WHERE state = 'claimed';
CREATE INDEX pages_awaiting ON pages (receipt_due_at) WHERE state = 'sent' AND receipt_due_at IS NOT NULL;
CREATE INDEX pages_by_message ON pages (message_id);
CREATE INDEX pages_by_contact ON pages (contact_method_id, claimed_at);

CREATE TABLE attempts (
    page_id TEXT NOT NULL REFERENCES pages (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    provider TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('accepted', 'temporary', 'permanent', 'unknown', 'notSent')),
    explanation TEXT,
    PRIMARY KEY (page_id, number)
) STRICT;

-- Reports of a provider that came before the answer to the hand-over was stored.
CREATE TABLE early_reports (
    message_id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    at BIGINT NOT NULL,
    explanation TEXT NOT NULL
) STRICT;
