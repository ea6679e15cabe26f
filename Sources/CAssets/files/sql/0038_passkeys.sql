-- Key pairs of users (WebAuthn), of which this is the public half.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential TEXT NOT NULL,
    public_key TEXT NOT NULL,
    name TEXT NOT NULL,
    counter BIGINT NOT NULL,
    -- The user's number at the last proof of the password. With an older one the passkey is only a second factor.
    access_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
) STRICT;
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- Challenges that were signed, until they end, so that none counts twice.
CREATE TABLE used_challenges (
    hash TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
) STRICT;
