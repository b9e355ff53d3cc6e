-- The object that was found at the key and the user's answer, as JSON; NULL if nothing was asked.
ALTER TABLE uploads ADD COLUMN question TEXT;
-- Uploads that wait for an answer are a list of their own.
INSERT INTO counts VALUES ('needsAnswer', 0, 0, 0);
