-- Lists by time and texts by their words; those of what is there already.
-- oldest program: 2

CREATE TABLE listing (
  name text   COLLATE "C" NOT NULL,
  at   bigint NOT NULL,                         -- UTC milliseconds
  id   text   COLLATE "C" NOT NULL,
  PRIMARY KEY (name, at, id)
);
CREATE INDEX listing_id ON listing (id);

CREATE TABLE word (
  number bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- grows with time: the newest text has the greatest
  space  text     COLLATE "C" NOT NULL,
  id     text     COLLATE "C" NOT NULL,
  idx    integer  NOT NULL,
  text   tsvector NOT NULL,                     -- the words that store/words.py makes, and no dictionary's
  UNIQUE (id, space, idx)
);
CREATE INDEX word_text ON word USING gin (text);

-- Texts that a migration finds; the program keeps their words, since only it knows how to part them.
CREATE TABLE unsplit (
  number bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  space  text    NOT NULL,
  id     text    NOT NULL,
  idx    integer NOT NULL,
  text   text    NOT NULL
);

INSERT INTO listing (name, at, id)
SELECT 'interactions', (convert_from(body, 'UTF8')::json ->> 'received')::bigint, id
FROM document WHERE kind = 'session' ON CONFLICT DO NOTHING;

INSERT INTO listing (name, at, id)
SELECT 'contact ' || (convert_from(body, 'UTF8')::json ->> 'contact_id'),
       (convert_from(body, 'UTF8')::json ->> 'received')::bigint, id
FROM document WHERE kind = 'session' AND convert_from(body, 'UTF8')::json ->> 'contact_id' IS NOT NULL
ON CONFLICT DO NOTHING;

-- An agent who was in has the participant he was; one who was only offered the session has none.
INSERT INTO listing (name, at, id)
SELECT 'agent ' || (part ->> 'user'), (convert_from(body, 'UTF8')::json ->> 'received')::bigint, id
FROM document, json_array_elements(convert_from(body, 'UTF8')::json -> 'participations') AS part
WHERE kind = 'session' AND part ->> 'kind' IN ('agent', 'consulted')
  AND (part ->> 'participant' IS NOT NULL OR part ->> 'state' = 'LeftChat')
ON CONFLICT DO NOTHING;

INSERT INTO listing (name, at, id)
SELECT 'audit', (convert_from(body, 'UTF8')::json ->> 'at')::bigint, id
FROM document WHERE kind = 'audit' ON CONFLICT DO NOTHING;

INSERT INTO listing (name, at, id)
SELECT 'contacts', coalesce((convert_from(body, 'UTF8')::json ->> 'created')::bigint, 0), id
FROM document WHERE kind = 'contact' ON CONFLICT DO NOTHING;

INSERT INTO unsplit (space, id, idx, text)
SELECT 'contact', id, 0, concat_ws(' ', convert_from(body, 'UTF8')::json ->> 'first_name',
                                   convert_from(body, 'UTF8')::json ->> 'last_name',
                                   convert_from(body, 'UTF8')::json ->> 'number')
FROM document WHERE kind = 'contact';

INSERT INTO unsplit (space, id, idx, text)
SELECT 'transcript', session, idx, convert_from(body, 'UTF8')::json ->> 'text' FROM entry
WHERE convert_from(body, 'UTF8')::json ->> 'type' = 'Text'
  AND convert_from(body, 'UTF8')::json ->> 'text' IS NOT NULL
ORDER BY (convert_from(body, 'UTF8')::json ->> 'at')::bigint, session, idx;
