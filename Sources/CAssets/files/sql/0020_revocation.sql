-- What a person gets in with is revoked as a whole: browsers keep a proof with this number, and links have an author.
ALTER TABLE users ADD COLUMN access_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calendar_links ADD COLUMN created_by TEXT;

-- Links that prove a new address of an account.
CREATE TABLE email_changes (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    expires_at BIGINT NOT NULL
) STRICT;

-- How many tests and codes a person had today.
CREATE INDEX pages_asked ON pages (user_id, purpose, queued_at) WHERE purpose IN ('test', 'verification');

-- Codes and links are cleared once they have left.
UPDATE pages SET body = NULL
WHERE purpose IN ('verification', 'notice') AND state IN ('sent', 'delivered', 'failed', 'cancelled');
