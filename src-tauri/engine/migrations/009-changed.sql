-- The file's change time (ctime) at plan time, in ns since 1970; 0 where it is not known.
ALTER TABLE uploads ADD COLUMN changed_ns INTEGER NOT NULL DEFAULT 0;
-- When (ms since 1970, this computer's clock) the multipart upload was begun: an object that is older is not its.
ALTER TABLE uploads ADD COLUMN begun_at INTEGER;
-- CompleteMultipartUpload was asked for: an object that is there may be this upload's.
ALTER TABLE uploads ADD COLUMN complete_asked INTEGER NOT NULL DEFAULT 0;
