-- Over which channel a text came. WhatsApp accepts any text for 24 hours after the recipient's own.
ALTER TABLE inbound_texts ADD COLUMN channel TEXT NOT NULL DEFAULT '';
