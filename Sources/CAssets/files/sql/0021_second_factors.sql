-- A secret for one-time passwords (RFC 6238), sealed with SECRET_KEY. Until the first code it does not count.
CREATE TABLE second_factors (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    -- The last step whose password was used, so that none is used twice.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;

-- One row for each code that is left; only its SHA-256 is kept.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;

-- Sign-ins whose password was right and whose second factor is still to come.
CREATE TABLE sign_in_steps (
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
) STRICT;
