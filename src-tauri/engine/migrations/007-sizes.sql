-- What waits, small files (one request, up to 16 MiB) and large ones apart: each is begun in its own order.
CREATE INDEX uploads_small ON uploads (position) WHERE view = 'waiting' AND size <= 16777216;
CREATE INDEX uploads_large ON uploads (position) WHERE view = 'waiting' AND size > 16777216;
