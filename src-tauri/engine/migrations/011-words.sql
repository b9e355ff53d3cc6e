-- Columns by the names that the code has for them.
ALTER TABLE uploads RENAME COLUMN rung TO checksum_mode;
ALTER TABLE uploads RENAME COLUMN begun_at TO created_at;
ALTER TABLE uploads RENAME COLUMN asked TO requested_at;
ALTER TABLE uploads RENAME COLUMN complete_asked TO complete_requested;
ALTER TABLE parts RENAME COLUMN vouched TO verified;

-- Journals older than 003-proved.sql recorded only whether the server computes CRC64NVME for a multipart upload.
UPDATE uploads SET checksum_mode = 'crc64nvme' WHERE checksum_mode IS NULL AND sums;
ALTER TABLE uploads DROP COLUMN sums;

-- recreated_at: when, in ms since 1970, this journal replaced one that was damaged.
UPDATE facts SET name = 'recreated_at' WHERE name = 'begun_anew';

-- Events of a history by the names that the code has for them.
WITH renamed (old, new) AS (VALUES
    ('wentOn', 'reconnected'),
    ('sentAgain', 'resent'),
    ('moreSentAgain', 'moreResent'),
    ('foundAgain', 'foundIncomplete'),
    ('leftThere', 'released'),
    ('begunAgain', 'restarted'),
    ('keptBeside', 'keptBoth'),
    ('hadArrived', 'responseLost'),
    ('asked', 'probed'),
    ('notAsked', 'probeFailed'),
    ('askedAgain', 'probedAgain'),
    ('tookOff', 'abortedEmpty'),
    ('mayBeLeft', 'mayBeLeftBehind'),
    ('said', 'text'))
UPDATE history SET what = '{"did":"' || new || substr(what, length(old) + 9)
    FROM renamed WHERE substr(what, 1, length(old) + 9) = '{"did":"' || old || '"';
