-- Where the scratch upload is: a note is kept until it was deleted there. Empty for Amazon S3; NULL in notes that are older than
-- this column, which are deleted at the connection's server.
ALTER TABLE scratch ADD COLUMN endpoint TEXT;
