-- The order of the dashboard: what nobody has acknowledged first, then the most severe, then the newest. Without it each look
-- at the dashboard sorts every open incident. The query has the same expressions, word for word.
CREATE INDEX incidents_urgent ON incidents (
    (CASE state WHEN 'triggered' THEN 0 ELSE 1 END),
    (CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END),
    number DESC
) WHERE state <> 'resolved';
