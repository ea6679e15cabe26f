-- Texts that people sent to PagerPal's numbers. They tell repeated deliveries, and bound automatic answers.
CREATE TABLE inbound_texts (
    id TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- 'received' until it is known; 'action' if it did something; 'answered' if it only got an answer; 'ignored'.
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX inbound_texts_by_address ON inbound_texts (address, at);
