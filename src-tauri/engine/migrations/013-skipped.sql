-- Uploads that were skipped because the key exists are a list of their own. They have no proof.
INSERT INTO counts VALUES ('skipped', 0, 0, 0);
UPDATE uploads SET view = 'skipped' WHERE phase = 'done' AND proof IS NULL;
