-- The log of pages by state and channel, or by person, newest first, without a look at the others.
CREATE INDEX pages_by_state ON pages (state, channel, id);
CREATE INDEX pages_by_user ON pages (user_id, id);

-- What reports count, so that they read these indices alone: a day's incidents, a source's, a person's pages.
CREATE INDEX incidents_by_opening
    ON incidents (opened_at, team_id, severity, first_acknowledged_at, resolved_at);
CREATE INDEX incidents_by_source ON incidents (source_id, opened_at, team_id);
CREATE INDEX pages_by_sending ON pages (user_id, sent_at, team_id) WHERE purpose = 'incident';
