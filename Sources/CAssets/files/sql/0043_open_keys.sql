-- The source, team and key of an open incident as one value. Exactly one index serves it. Databases choose an index by
-- statistics, and those may be from a time when no incident was open. Then any index of open incidents seemed to be empty, and
-- each alert read all of them.
DROP INDEX incidents_open;
CREATE UNIQUE INDEX incidents_open ON incidents (
  (CASE WHEN state <> 'resolved' THEN source_id || ' ' || team_id || ' ' || dedup_key END)
) WHERE CASE WHEN state <> 'resolved' THEN source_id || ' ' || team_id || ' ' || dedup_key END IS NOT NULL;
