-- What waits for each server by itself: one that is out of reach holds up no other.
DROP INDEX uploads_small;
DROP INDEX uploads_large;
CREATE INDEX uploads_small ON uploads (connection, position) WHERE view = 'waiting' AND size <= 16777216;
CREATE INDEX uploads_large ON uploads (connection, position) WHERE view = 'waiting' AND size > 16777216;
