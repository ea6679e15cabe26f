-- The incidents of a team, of a source or of a severity, each state by itself and in the order of their numbers. A list reads what
-- it shows, and its counts stop at a thousand. Without them a filter that few incidents pass read all that are stored.
CREATE INDEX incidents_of_team ON incidents (team_id, severity, state, number);
CREATE INDEX incidents_of_source ON incidents (source_id, severity, state, number);
CREATE INDEX incidents_of_severity ON incidents (severity, state, number);

-- A page that waits has no message and was not sent. So it is in neither index before.
DROP INDEX pages_by_message;
CREATE INDEX pages_by_message ON pages (message_id) WHERE message_id IS NOT NULL;
DROP INDEX pages_by_sending;
-- With the purpose a report reads the index alone.
CREATE INDEX pages_by_sending ON pages (user_id, sent_at, team_id, purpose)
  WHERE purpose = 'incident' AND sent_at IS NOT NULL;
