-- Doors that close once and stay closed, such as the set-up of a new PagerPal.
CREATE TABLE latches (
    name TEXT PRIMARY KEY,
    closed_at BIGINT NOT NULL
) STRICT;
INSERT INTO latches (name, closed_at)
SELECT 'set-up', 0 WHERE EXISTS (SELECT 1 FROM users WHERE password_hash IS NOT NULL);

-- Sessions from before cookies had a prefix: their browsers send the name without it.
ALTER TABLE sessions ADD COLUMN cookie_is_plain BIGINT NOT NULL DEFAULT 1;
