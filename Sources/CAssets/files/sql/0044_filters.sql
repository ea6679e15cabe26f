-- The incidents of a team, of a source or of a severity, each state by itself and in the order of their numbers. A list reads what
-- it shows, and its counts stop at a thousand. Without them a filter that few incidents pass read all that are stored.
CREATE INDEX incidents_of_team ON incidents (team_id, severity, state, number);
CREATE INDEX incidents_of_source ON incidents (source_id, severity, state, number);
CREATE INDEX incidents_of_severity ON incidents (severity, state, number);
