-- The journal. Times in ms since 1970; phase and view as words, so that a person with a shell can read it.

CREATE TABLE uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- place in the queue, low goes first; real, so that a row can be put between two others
    position REAL NOT NULL,
    path TEXT NOT NULL,
    -- the path's bytes where it is no UTF-8; NULL otherwise
    path_bytes BLOB,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- fingerprint of the file at plan time
    modified_ns INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    connection TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    if_exists TEXT NOT NULL,
    options TEXT NOT NULL,
    wanted_part_size INTEGER,
    intent TEXT NOT NULL,
    phase TEXT NOT NULL,
    -- intent and phase as the list shows them: waiting, paused, active, failed, done, aborted
    view TEXT NOT NULL,
    fault TEXT,
    -- the plan: NULL until it is made; part_size 0 is one PUT
    part_size INTEGER,
    parts INTEGER,
    upload_id TEXT,
    -- the server sums CRC64NVME for this multipart upload
    sums INTEGER NOT NULL DEFAULT 0,
    stored_bytes INTEGER NOT NULL DEFAULT 0,
    stored_parts INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    resumed INTEGER NOT NULL DEFAULT 0,
    retries INTEGER NOT NULL DEFAULT 0,
    etag TEXT,
    version_id TEXT,
    proof TEXT,
    added_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
);
CREATE INDEX uploads_by_position ON uploads (position);
CREATE INDEX uploads_by_view ON uploads (view, position);

CREATE TABLE parts (
    upload INTEGER NOT NULL,
    number INTEGER NOT NULL,
    etag TEXT NOT NULL,
    -- CRC-64/NVME as the signed integer of the same bits
    crc64 INTEGER NOT NULL,
    PRIMARY KEY (upload, number)
) WITHOUT ROWID;

CREATE TABLE history (
    upload INTEGER NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL
);
CREATE INDEX history_of_upload ON history (upload);

-- Counts by view, kept by triggers: 100,000 rows cost a glance, not a scan.
CREATE TABLE counts (view TEXT PRIMARY KEY, uploads INTEGER NOT NULL, bytes INTEGER NOT NULL, stored INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES
    ('waiting', 0, 0, 0), ('paused', 0, 0, 0), ('active', 0, 0, 0), ('failed', 0, 0, 0), ('done', 0, 0, 0), ('aborted', 0, 0, 0);
CREATE TRIGGER uploads_insert AFTER INSERT ON uploads BEGIN
    UPDATE counts SET uploads = uploads + 1, bytes = bytes + new.size, stored = stored + new.stored_bytes WHERE view = new.view;
END;
CREATE TRIGGER uploads_delete AFTER DELETE ON uploads BEGIN
    UPDATE counts SET uploads = uploads - 1, bytes = bytes - old.size, stored = stored - old.stored_bytes WHERE view = old.view;
    DELETE FROM parts WHERE upload = old.id;
    DELETE FROM history WHERE upload = old.id;
END;
CREATE TRIGGER uploads_update AFTER UPDATE OF view, size, stored_bytes ON uploads BEGIN
    UPDATE counts SET uploads = uploads - 1, bytes = bytes - old.size, stored = stored - old.stored_bytes WHERE view = old.view;
    UPDATE counts SET uploads = uploads + 1, bytes = bytes + new.size, stored = stored + new.stored_bytes WHERE view = new.view;
END;
