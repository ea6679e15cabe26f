-- The operator's own words for messages. One for each use and language.
CREATE TABLE message_templates (
    id TEXT PRIMARY KEY,
    template_use TEXT NOT NULL,
    language TEXT NOT NULL,
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL
) STRICT;
CREATE UNIQUE INDEX message_templates_by_use ON message_templates (template_use, language);
