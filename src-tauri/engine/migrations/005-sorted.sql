-- Lists in another order than the queue's: a page of a hundred thousand rows by name is read, not sorted.
CREATE INDEX uploads_by_name ON uploads (name COLLATE NOCASE, position);
CREATE INDEX uploads_by_size ON uploads (size DESC, position);
