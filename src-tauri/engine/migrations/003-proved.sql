-- What a multipart upload was begun with, in the words of sum.rs; NULL: of an earlier Windlass, `sums` tells.
ALTER TABLE uploads ADD COLUMN rung TEXT;
-- What to do where the file does not keep still, and the local copy of the state that is sent instead of it.
ALTER TABLE uploads ADD COLUMN if_changing TEXT;
ALTER TABLE uploads ADD COLUMN copy TEXT;
-- Parts sent again because the file changed.
ALTER TABLE uploads ADD COLUMN resent INTEGER NOT NULL DEFAULT 0;

-- The rung's 32-bit sum, and whether the server held the bytes against a checksum.
ALTER TABLE parts ADD COLUMN crc32 INTEGER;
ALTER TABLE parts ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0;

-- Outlives the row in the list. `receipt` is JSON, in the form that a saved one has.
CREATE TABLE receipts (
    upload INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    finished_at INTEGER NOT NULL,
    receipt TEXT NOT NULL
);
CREATE INDEX receipts_by_key ON receipts (bucket, key, finished_at);
