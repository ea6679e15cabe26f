-- The channel and line of a queued page as one value. No other index serves this expression, so the planner can't choose
-- a worse one when its statistics are older than the queue.
CREATE INDEX pages_in_place ON pages (
  (CASE WHEN state = 'queued' THEN channel || ' ' || line END COLLATE "C"), due_at, id)
  WHERE CASE WHEN state = 'queued' THEN channel || ' ' || line END COLLATE "C" IS NOT NULL;
DROP INDEX pages_in_line;
