-- What reports need of incidents and pages that retention has deleted: numbers, by the quarter of an hour in which the incidents
-- were opened and the pages sent. The days and hours of every time zone begin with a quarter of an hour.
CREATE TABLE incident_statistics (
    opened_at BIGINT NOT NULL,
    team_id TEXT NOT NULL,
    -- '' if the incidents had no source.
    source_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    -- All of them were resolved.
    incidents BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    -- Sums in microseconds.
    time_to_acknowledge BIGINT NOT NULL,
    time_to_resolve BIGINT NOT NULL,
    PRIMARY KEY (opened_at, team_id, source_id, severity)
) STRICT, WITHOUT ROWID;

-- A person's numbers go with the person, whose pages no report shows any more.
CREATE TABLE page_statistics (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sent_at BIGINT NOT NULL,
    team_id TEXT NOT NULL,
    pages BIGINT NOT NULL,
    PRIMARY KEY (user_id, sent_at, team_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_statistics_by_age ON page_statistics (sent_at);
