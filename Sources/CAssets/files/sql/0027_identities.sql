-- Who somebody is at the company's sign-in service.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

-- Whether the company's sign-in service vouched for the person, which replaces a second factor here.
ALTER TABLE sessions ADD COLUMN is_by_company BIGINT NOT NULL DEFAULT 0;
