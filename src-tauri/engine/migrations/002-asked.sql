-- When (ms since 1970, a JSON list) a multipart upload, or the object, was asked for and no answer was noted; NULL for never.
ALTER TABLE uploads ADD COLUMN asked TEXT;

-- Of the journal itself. begun_anew: when, in ms since 1970, it took the place of one that was damaged.
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
