-- The teams to which a token is bound, separated by blanks. Nothing: it is bound to none. A PagerPal from before this column doesn't
-- find a bound token, because its hash has another form.
ALTER TABLE api_tokens ADD COLUMN teams TEXT;
