-- A decision about a page that is being handed over marks it with the reason: it never goes back into the queue.
ALTER TABLE pages ADD COLUMN unwanted TEXT;
ALTER TABLE pages ADD COLUMN unwanted_at BIGINT;
