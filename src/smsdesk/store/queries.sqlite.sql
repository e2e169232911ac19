-- Every statement of the SQLite store, each with what it is for. The same names stand in queries.postgres.sql.

-- name: find_meta()
-- Whether this database was made into a store already: 1 or 0.
SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta';

-- name: read_meta()
-- Which schema is there, the oldest program that may use it, and the names of this history and centre.
SELECT schema, oldest, epoch, contact_center_id FROM meta;

-- name: write_meta(schema, oldest, epoch, contact_center_id)
-- Note what the migrations made of the store; the names are those of its first day.
INSERT INTO meta (one, schema, oldest, epoch, contact_center_id)
VALUES (1, :schema, :oldest, :epoch, :contact_center_id)
ON CONFLICT (one) DO UPDATE SET schema = excluded.schema, oldest = excluded.oldest;

-- name: read_position()
-- The newest position ever given out; asked for within the transaction that gives out the next.
SELECT position FROM meta;

-- name: take_positions(count)
-- Move the newest position on; it never goes back, whatever is trimmed.
UPDATE meta SET position = position + :count;

-- name: create_document(kind, id, version, key, tag, due, body)
-- A document that must not exist yet. Breaks a unique index when it does, or when its key is taken.
INSERT INTO document (kind, id, version, key, tag, due, body)
VALUES (:kind, :id, :version, :key, :tag, :due, :body);

-- name: advance_document(kind, id, base, version, key, tag, due, body)
-- The next state of a document that keeps its key, tag and due time: spares the indexes, most of the work.
UPDATE document SET version = :version, body = :body
WHERE kind = :kind AND id = :id AND version = :base AND key IS :key AND tag IS :tag AND due IS :due;

-- name: replace_document(kind, id, base, version, key, tag, due, body)
-- The next state of a document that must still have the version `base`.
UPDATE document SET version = :version, key = :key, tag = :tag, due = :due, body = :body
WHERE kind = :kind AND id = :id AND version = :base;

-- name: free_key(kind, id, base)
-- Take the key from a document that is about to be replaced, so that another one can have it.
UPDATE document SET key = NULL WHERE kind = :kind AND id = :id AND version = :base;

-- name: delete_document(kind, id, base)
-- The end of a document that must still have the version `base`.
DELETE FROM document WHERE kind = :kind AND id = :id AND version = :base;

-- name: read_version(kind, id)
-- The version a document has now.
SELECT version FROM document WHERE kind = :kind AND id = :id;

-- name: read_holder(kind, key)
-- Which document has a unique key.
SELECT id FROM document WHERE kind = :kind AND key = :key;

-- name: put_entry(session, idx, body)
-- A transcript entry, in the place of the earlier one with its index.
INSERT INTO entry (session, idx, body) VALUES (:session, :idx, :body)
ON CONFLICT (session, idx) DO UPDATE SET body = excluded.body;

-- name: put_listing(name, at, id)
-- A place in a list; twice is once.
INSERT INTO listing (name, at, id) VALUES (:name, :at, :id) ON CONFLICT DO NOTHING;

-- name: put_word(space, id, idx)
-- A number for a text that has none yet.
INSERT INTO word (space, id, idx) VALUES (:space, :id, :idx) ON CONFLICT DO NOTHING;

-- name: put_text(space, id, idx, text)
-- The words of a text under its number, in the place of earlier ones.
-- (From a SELECT it would cost three times as much: what waits to be merged is written out for each statement.)
INSERT OR REPLACE INTO word_text (rowid, text)
VALUES ((SELECT number FROM word WHERE space = :space AND id = :id AND idx = :idx), :text);

-- name: remove_text(space, id, idx)
-- Forget the words of a text.
DELETE FROM word_text WHERE rowid = (SELECT number FROM word WHERE space = :space AND id = :id AND idx = :idx);

-- name: remove_word(space, id, idx)
-- Forget the number of a text, after its words.
DELETE FROM word WHERE space = :space AND id = :id AND idx = :idx;

-- name: erase_entries(session)
-- Forget a whole transcript.
DELETE FROM entry WHERE session = :session;

-- name: erase_listings(id)
-- Take an id out of all lists.
DELETE FROM listing WHERE id = :id;

-- name: erase_texts(id)
-- Forget the words of all texts of an id.
DELETE FROM word_text WHERE rowid IN (SELECT number FROM word WHERE id = :id);

-- name: erase_words(id)
-- Forget the numbers of all texts of an id, after their words.
DELETE FROM word WHERE id = :id;

-- name: add_row(position, at, body)
-- An outbox row under the position that was taken for it.
INSERT INTO outbox (position, at, body) VALUES (:position, :at, :body);

-- name: add_viewer(user_id, position)
-- Somebody whom an outbox row concerns; twice is once.
INSERT INTO audience (user_id, position) VALUES (:user_id, :position) ON CONFLICT DO NOTHING;

-- name: read_fence(name)
-- The fence of a lease, whoever holds it.
SELECT fence FROM lease WHERE name = :name;

-- name: get_document(kind, id)
-- One document.
SELECT kind, id, version, body, key, tag, due FROM document WHERE kind = :kind AND id = :id;

-- name: find_document(kind, key)
-- The document with a unique key.
SELECT kind, id, version, body, key, tag, due FROM document WHERE kind = :kind AND key = :key;

-- name: tagged_documents(kind, tag, after, count)
-- Documents with a tag, by id, from behind `after`.
SELECT kind, id, version, body, key, tag, due FROM document
WHERE kind = :kind AND tag = :tag AND id > :after ORDER BY id LIMIT :count;

-- name: due_documents(kind, until, count)
-- Documents due by a time, the earliest first.
SELECT kind, id, version, body, key, tag, due FROM document
WHERE kind = :kind AND due <= :until ORDER BY due, id LIMIT :count;

-- name: read_entries(session, first, count)
-- A part of a transcript.
SELECT session, idx, body FROM entry WHERE session = :session AND idx >= :first ORDER BY idx LIMIT :count;

-- name: listed(name, since, until, count, skip)
-- A part of a list, the oldest first.
SELECT name, at, id FROM listing WHERE name = :name AND at >= :since AND at < :until
ORDER BY at, id LIMIT :count OFFSET :skip;

-- name: listed_backwards(name, since, until, count, skip)
-- A part of a list, the newest first.
SELECT name, at, id FROM listing WHERE name = :name AND at >= :since AND at < :until
ORDER BY at DESC, id DESC LIMIT :count OFFSET :skip;

-- name: find_words(space, query, count, skip)
-- Texts of a space by their words, the newest first.
SELECT word.id, word.idx FROM word_text JOIN word ON word.number = word_text.rowid
WHERE word_text MATCH :query AND word.space = :space
ORDER BY word_text.rowid DESC LIMIT :count OFFSET :skip;

-- name: read_unsplit(count)
-- Texts that a migration found and whose words are still to be kept, in the order they came.
SELECT number, space, id, idx, text FROM unsplit ORDER BY number LIMIT :count;

-- name: drop_unsplit(last)
-- Those up to this one are done.
DELETE FROM unsplit WHERE number <= :last;

-- name: read_rows(after, count)
-- Outbox rows behind a position.
SELECT position, at, body FROM outbox WHERE position > :after ORDER BY position LIMIT :count;

-- name: read_rows_of(user_id, after, count)
-- Outbox rows behind a position that concern somebody.
SELECT outbox.position, outbox.at, outbox.body
FROM audience JOIN outbox ON outbox.position = audience.position
WHERE audience.user_id = :user_id AND audience.position > :after ORDER BY audience.position LIMIT :count;

-- name: read_head()
-- The name of this history, the oldest row kept, the newest position given out.
SELECT epoch, coalesce((SELECT min(position) FROM outbox), position + 1), position FROM meta;

-- name: find_trim(below, count)
-- How far the next few outbox rows below a position reach, and how many they are.
SELECT max(position), count(*)
FROM (SELECT position FROM outbox WHERE position < :below ORDER BY position LIMIT :count);

-- name: trim_viewers(last)
-- Forget whom the rows up to a position concerned. Walks the users one by one, so that no second index is needed.
DELETE FROM audience WHERE position <= :last AND user_id IN (
  WITH RECURSIVE someone (id) AS (
    SELECT min(user_id) FROM audience
    UNION ALL
    SELECT (SELECT min(user_id) FROM audience WHERE user_id > someone.id) FROM someone WHERE someone.id IS NOT NULL
  )
  SELECT id FROM someone WHERE id IS NOT NULL
);

-- name: trim_rows(last)
-- Delete the outbox rows up to a position.
DELETE FROM outbox WHERE position <= :last;

-- name: unlist_expired(kind, before, count)
-- Take out of all lists what is about to expire.
DELETE FROM listing WHERE id IN (
  SELECT id FROM document WHERE kind = :kind AND due < :before ORDER BY due, id LIMIT :count
);

-- name: expire_documents(kind, before, count)
-- Delete the few documents of a kind that were due first, before a time.
DELETE FROM document WHERE rowid IN (
  SELECT rowid FROM document WHERE kind = :kind AND due < :before ORDER BY due, id LIMIT :count
);

-- name: acquire_lease(name, owner, now, until)
-- Take a lease that is free or one's own; a new holder gets a greater fence.
INSERT INTO lease (name, owner, fence, until) VALUES (:name, :owner, 1, :until)
ON CONFLICT (name) DO UPDATE SET
  fence = lease.fence + (lease.owner <> excluded.owner), owner = excluded.owner, until = excluded.until
WHERE lease.owner = excluded.owner OR lease.until <= :now;

-- name: read_lease(name)
-- Who holds a lease, and until when.
SELECT name, owner, fence, until FROM lease WHERE name = :name;

-- name: release_lease(name, owner, fence)
-- Give a lease back, if it is still the same one.
UPDATE lease SET owner = '', until = 0 WHERE name = :name AND owner = :owner AND fence = :fence;

-- name: free_leases()
-- Who has the data lock knows that no former holder lives.
UPDATE lease SET owner = '', until = 0;
