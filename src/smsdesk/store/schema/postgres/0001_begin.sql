-- Everything the first release keeps.
-- oldest program: 1
-- Names sort by their bytes (COLLATE "C"), whatever the database's language, so that every store gives the same order.

CREATE TABLE meta (
  one               integer PRIMARY KEY CHECK (one = 1),
  schema            integer NOT NULL,           -- number of the newest migration applied
  oldest            integer NOT NULL,           -- a program that knows fewer migrations must not use this store
  epoch             text    NOT NULL,           -- names this history of the outbox
  contact_center_id text    NOT NULL,
  position          bigint  NOT NULL DEFAULT 0  -- the newest outbox position ever given out; whoever writes locks it
) WITH (fillfactor = 10);                       -- changed by every commit: room for many versions in one page

CREATE TABLE document (
  kind    text   COLLATE "C" NOT NULL,
  id      text   COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  key     text   COLLATE "C",
  tag     text   COLLATE "C",
  due     bigint,                               -- UTC milliseconds
  body    bytea  NOT NULL,                      -- JSON text, byte for byte as it was given
  PRIMARY KEY (kind, id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX document_key ON document (kind, key) WHERE key IS NOT NULL;
CREATE INDEX document_tag ON document (kind, tag, id) WHERE tag IS NOT NULL;
CREATE INDEX document_due ON document (kind, due, id) WHERE due IS NOT NULL;

CREATE TABLE entry (
  session text    COLLATE "C" NOT NULL,
  idx     integer NOT NULL,
  body    bytea   NOT NULL,
  PRIMARY KEY (session, idx)
);

CREATE TABLE outbox (
  position bigint PRIMARY KEY,
  at       bigint NOT NULL,                     -- UTC milliseconds
  body     bytea  NOT NULL
);

CREATE TABLE audience (
  user_id  text   COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (user_id, position)
);

CREATE TABLE lease (
  name  text   PRIMARY KEY,
  owner text   NOT NULL,                        -- '' = nobody
  fence bigint NOT NULL,                        -- outlives its holders, so that it only grows
  until bigint NOT NULL                         -- UTC milliseconds by this server's clock
);
