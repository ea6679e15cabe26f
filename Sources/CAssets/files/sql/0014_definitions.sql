-- Teams, users, contact methods and alert sources are kept as documents too. The next step fills the new columns.
ALTER TABLE teams ADD COLUMN definition TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN definition TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_methods ADD COLUMN definition TEXT NOT NULL DEFAULT '';
ALTER TABLE alert_sources ADD COLUMN definition TEXT NOT NULL DEFAULT '';
