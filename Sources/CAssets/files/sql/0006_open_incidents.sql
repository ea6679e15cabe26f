-- The open incidents, newest first, whatever number of resolved ones stands between them.
CREATE INDEX incidents_open_by_number ON incidents (number, state) WHERE state <> 'resolved';
