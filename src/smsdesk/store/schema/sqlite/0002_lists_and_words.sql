-- Lists by time and texts by their words; those of what is there already.
-- oldest program: 2

CREATE TABLE listing (
  name TEXT    NOT NULL,
  at   INTEGER NOT NULL,                        -- UTC milliseconds
  id   TEXT    NOT NULL,
  PRIMARY KEY (name, at, id)
) WITHOUT ROWID;                                -- a list lies together and is read in order
CREATE INDEX listing_id ON listing (id);

CREATE TABLE word (
  number INTEGER PRIMARY KEY,                   -- grows with time: the newest text has the greatest
  space  TEXT    NOT NULL,
  id     TEXT    NOT NULL,
  idx    INTEGER NOT NULL,
  UNIQUE (id, space, idx)
);

-- Under the number of a text its words, as store/words.py makes them: they are parted by blanks and mean
-- themselves, so the simplest tokenizer does, and where in the text a word stood is not kept.
CREATE VIRTUAL TABLE word_text USING fts5 (text, tokenize = 'ascii', detail = none, columnsize = 0);

-- Texts that a migration finds; the program keeps their words, since only it knows how to part them.
CREATE TABLE unsplit (
  number INTEGER PRIMARY KEY,
  space  TEXT    NOT NULL,
  id     TEXT    NOT NULL,
  idx    INTEGER NOT NULL,
  text   TEXT    NOT NULL
);

INSERT OR IGNORE INTO listing (name, at, id)
SELECT 'interactions', json_extract(CAST(body AS TEXT), '$.received'), id FROM document WHERE kind = 'session';

INSERT OR IGNORE INTO listing (name, at, id)
SELECT 'contact ' || json_extract(CAST(body AS TEXT), '$.contact_id'),
       json_extract(CAST(body AS TEXT), '$.received'), id
FROM document WHERE kind = 'session' AND json_extract(CAST(body AS TEXT), '$.contact_id') IS NOT NULL;

-- An agent who was in has the participant he was; one who was only offered the session has none.
INSERT OR IGNORE INTO listing (name, at, id)
SELECT 'agent ' || json_extract(part.value, '$.user'), json_extract(CAST(body AS TEXT), '$.received'), document.id
FROM document, json_each(CAST(body AS TEXT), '$.participations') AS part
WHERE document.kind = 'session' AND json_extract(part.value, '$.kind') IN ('agent', 'consulted')
  AND (json_extract(part.value, '$.participant') IS NOT NULL OR json_extract(part.value, '$.state') = 'LeftChat');

INSERT OR IGNORE INTO listing (name, at, id)
SELECT 'audit', json_extract(CAST(body AS TEXT), '$.at'), id FROM document WHERE kind = 'audit';

INSERT OR IGNORE INTO listing (name, at, id)
SELECT 'contacts', coalesce(json_extract(CAST(body AS TEXT), '$.created'), 0), id
FROM document WHERE kind = 'contact';

INSERT INTO unsplit (space, id, idx, text)
SELECT 'contact', id, 0,
       coalesce(json_extract(CAST(body AS TEXT), '$.first_name'), '') || ' ' ||
       coalesce(json_extract(CAST(body AS TEXT), '$.last_name'), '') || ' ' ||
       json_extract(CAST(body AS TEXT), '$.number')
FROM document WHERE kind = 'contact';

INSERT INTO unsplit (space, id, idx, text)
SELECT 'transcript', session, idx, json_extract(CAST(body AS TEXT), '$.text') FROM entry
WHERE json_extract(CAST(body AS TEXT), '$.type') = 'Text' AND json_extract(CAST(body AS TEXT), '$.text') IS NOT NULL
ORDER BY json_extract(CAST(body AS TEXT), '$.at'), session, idx;
