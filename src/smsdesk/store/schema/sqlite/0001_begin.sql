-- Everything the first release keeps.
-- oldest program: 1

CREATE TABLE meta (
  one               INTEGER PRIMARY KEY CHECK (one = 1),
  schema            INTEGER NOT NULL,           -- number of the newest migration applied
  oldest            INTEGER NOT NULL,           -- a program that knows fewer migrations must not use this store
  epoch             TEXT    NOT NULL,           -- names this history of the outbox
  contact_center_id TEXT    NOT NULL,
  position          INTEGER NOT NULL DEFAULT 0  -- the newest outbox position ever given out
);

CREATE TABLE document (
  kind    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  version INTEGER NOT NULL,
  key     TEXT,
  tag     TEXT,
  due     INTEGER,                              -- UTC milliseconds
  body    BLOB    NOT NULL,                     -- JSON text, byte for byte as it was given
  PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX document_key ON document (kind, key) WHERE key IS NOT NULL;
CREATE INDEX document_tag ON document (kind, tag, id) WHERE tag IS NOT NULL;
CREATE INDEX document_due ON document (kind, due, id) WHERE due IS NOT NULL;

CREATE TABLE entry (
  session TEXT    NOT NULL,
  idx     INTEGER NOT NULL,
  body    BLOB    NOT NULL,
  PRIMARY KEY (session, idx)
) WITHOUT ROWID;                                -- a transcript lies together and is read in order

CREATE TABLE outbox (
  position INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,                    -- UTC milliseconds
  body     BLOB    NOT NULL
);

CREATE TABLE audience (
  user_id  TEXT    NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (user_id, position)
) WITHOUT ROWID;

CREATE TABLE lease (
  name  TEXT    PRIMARY KEY,
  owner TEXT    NOT NULL,                       -- '' = nobody
  fence INTEGER NOT NULL,                       -- outlives its holders, so that it only grows
  until INTEGER NOT NULL                        -- UTC milliseconds
) WITHOUT ROWID;
