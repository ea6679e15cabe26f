-- Links by which somebody who is invited chooses a first password, beside those that replace a forgotten one.
ALTER TABLE password_resets ADD COLUMN is_invitation BIGINT NOT NULL DEFAULT 0;
