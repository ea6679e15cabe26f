-- An index of the texts of incidents. A gram is three characters that follow each other, packed into a number. A block is 4,096
-- incidents with successive numbers. `numbers` says which of them contain the gram. It may name too many, never too few: what
-- it names is read and compared. Block -1 says in which of the first 4,096 blocks a gram occurs, block -2 in which of the next.
CREATE TABLE search_grams (
    block BIGINT NOT NULL,
    gram BIGINT NOT NULL,
    numbers BYTEA NOT NULL,
    PRIMARY KEY (block, gram)
) STRICT, WITHOUT ROWID;

-- The incidents from one number to the other are in the index, except for those in search_queue. What was stored before this step
-- is indexed in the background, the newest first.
CREATE TABLE search_progress (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    indexed_from BIGINT NOT NULL,
    indexed_to BIGINT NOT NULL
) STRICT;
INSERT INTO search_progress (id, indexed_from, indexed_to)
SELECT 1, COALESCE(MAX(number), 0) + 1, COALESCE(MAX(number), 0) FROM incidents;

-- Incidents whose texts changed, and numbers that may still come to be used.
CREATE TABLE search_queue (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL
) STRICT;

-- Blocks whose incidents are all deleted.
CREATE TABLE search_emptied (
    block BIGINT PRIMARY KEY
) STRICT;
