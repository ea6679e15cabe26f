-- Who changed what of the configuration, when: written in the transaction of the change itself.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    before TEXT,
    after TEXT,
    note TEXT
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject_kind, subject_id, id);

-- Whether a person is told of taking over, and of a shift a day ahead.
ALTER TABLE users ADD COLUMN tells_hand_off BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN tells_shift_ahead BIGINT NOT NULL DEFAULT 0;

-- Who was on call when the hand-off notices were last seen to.
CREATE TABLE duties (
    schedule_id TEXT PRIMARY KEY REFERENCES schedules (id) ON DELETE CASCADE,
    people TEXT NOT NULL,
    since BIGINT NOT NULL
) STRICT;

-- Shifts whose people were told a day ahead.
CREATE TABLE announced_shifts (
    schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    PRIMARY KEY (schedule_id, user_id, begins_at)
) STRICT;

-- Secret links to calendars; only their SHA-256 is kept. Exactly one of schedule and user is set.
CREATE TABLE calendar_links (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    schedule_id TEXT REFERENCES schedules (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX calendar_links_by_hash ON calendar_links (hash);
