-- What came of the last time that a finished upload was verified again, as JSON; NULL if it never was.
ALTER TABLE uploads ADD COLUMN verification TEXT;
