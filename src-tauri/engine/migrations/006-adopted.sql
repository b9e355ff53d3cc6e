-- The multipart upload was found on the server, and none of its parts was held against the file yet: until one is the
-- file's, nothing may be sent to it, and it may not be taken off.
ALTER TABLE uploads ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;

-- Finds who holds an unfinished upload of the server.
CREATE INDEX uploads_by_upload_id ON uploads (upload_id) WHERE upload_id IS NOT NULL;
