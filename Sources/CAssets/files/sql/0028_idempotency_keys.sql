-- What was answered to a request with an Idempotency-Key. The answer is sealed, because it may contain a new key or token.
-- Without a status, the request is still being handled.
CREATE TABLE idempotency_keys (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    request TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    status BIGINT,
    answer TEXT,
    PRIMARY KEY (owner, name)
) STRICT;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at);
