-- The code in a message's link. It is short, so that a text message has room for the title.
ALTER TABLE pages ADD COLUMN link TEXT;
CREATE INDEX pages_by_link ON pages (link) WHERE link IS NOT NULL;
