-- When the person behind a session proved last who they are. What is new for others to get in with needs a recent proof.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT;
