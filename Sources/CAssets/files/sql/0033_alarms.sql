-- What the administrators were told of, so that of several processes only one tells.
CREATE TABLE alarms (
    name TEXT PRIMARY KEY,
    told_at BIGINT NOT NULL
) STRICT;
