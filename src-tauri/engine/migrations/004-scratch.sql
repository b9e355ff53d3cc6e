-- Keys at which a server is being asked what it takes, until nothing is left there: a kill meanwhile leaves scratch behind.
CREATE TABLE scratch (key TEXT PRIMARY KEY, connection TEXT NOT NULL, bucket TEXT NOT NULL) WITHOUT ROWID;
