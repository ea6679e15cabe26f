-- A provider that reports with an id of its own is looked up by it.
CREATE INDEX pages_by_reference ON pages (reference) WHERE reference IS NOT NULL;
