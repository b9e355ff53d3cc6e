-- The triggers of 001-first.sql once more, each with OR FAIL: a statement that may be undone by itself first copies every
-- page that it changes. Ours are undone with their transaction.
DROP TRIGGER uploads_insert;
DROP TRIGGER uploads_delete;
DROP TRIGGER uploads_update;
CREATE TRIGGER uploads_insert AFTER INSERT ON uploads BEGIN
    UPDATE OR FAIL counts SET uploads = uploads + 1, bytes = bytes + new.size, stored = stored + new.stored_bytes WHERE view = new.view;
END;
CREATE TRIGGER uploads_delete AFTER DELETE ON uploads BEGIN
    UPDATE OR FAIL counts SET uploads = uploads - 1, bytes = bytes - old.size, stored = stored - old.stored_bytes WHERE view = old.view;
    DELETE FROM parts WHERE upload = old.id;
    DELETE FROM history WHERE upload = old.id;
END;
CREATE TRIGGER uploads_update AFTER UPDATE OF view, size, stored_bytes ON uploads BEGIN
    UPDATE OR FAIL counts SET uploads = uploads - 1, bytes = bytes - old.size, stored = stored - old.stored_bytes WHERE view = old.view;
    UPDATE OR FAIL counts SET uploads = uploads + 1, bytes = bytes + new.size, stored = stored + new.stored_bytes WHERE view = new.view;
END;
