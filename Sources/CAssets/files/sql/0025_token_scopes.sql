-- A token that may act on incidents and change nothing else. Its scope is 'read', so that an earlier PagerPal gives it less.
ALTER TABLE api_tokens ADD COLUMN acts_on_incidents BIGINT NOT NULL DEFAULT 0;
