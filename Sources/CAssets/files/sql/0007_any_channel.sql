-- Which channels there are is the program's to say, so the column loses its CHECK. SQLite can't drop a constraint, and
-- rebuilding the table would delete what refers to it; a new column in the old one's place does on both databases.
DROP INDEX contact_methods_by_address;
ALTER TABLE contact_methods ADD COLUMN new_channel TEXT NOT NULL DEFAULT '';
UPDATE contact_methods SET new_channel = channel;
ALTER TABLE contact_methods DROP COLUMN channel;
ALTER TABLE contact_methods RENAME COLUMN new_channel TO channel;
CREATE UNIQUE INDEX contact_methods_by_address ON contact_methods (user_id, channel, address);
