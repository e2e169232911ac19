-- Every statement of the PostgreSQL store, each with what it is for. The same names stand in queries.sqlite.sql.
-- A parameter in the plural is an array, one element for every row to be written.

-- name: settle_session()
-- Every connection: a commit must be on disk, and a node that hangs must not hold up the others for ever.
SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                                        ELSE current_setting('synchronous_commit') END, false),
       set_config('default_transaction_isolation', 'read committed', false),
       set_config('lock_timeout', '10s', false),
       set_config('idle_in_transaction_session_timeout', '30s', false);

-- name: lock_schema()
-- One node at a time looks at the schema and changes it.
SELECT pg_advisory_xact_lock(7564659);

-- name: find_meta()
-- Whether this database was made into a store already: 1 or 0.
SELECT (to_regclass('meta') IS NOT NULL)::integer;

-- name: read_meta()
-- Which schema is there, the oldest program that may use it, and the names of this history and centre.
SELECT schema, oldest, epoch, contact_center_id FROM meta;

-- name: write_meta(schema, oldest, epoch, contact_center_id)
-- Note what the migrations made of the store; the names are those of its first day.
INSERT INTO meta (one, schema, oldest, epoch, contact_center_id)
VALUES (1, :schema, :oldest, :epoch, :contact_center_id)
ON CONFLICT (one) DO UPDATE SET schema = excluded.schema, oldest = excluded.oldest;

-- name: read_position()
-- The newest position ever given out. Whoever writes asks first and has the row until the end of the transaction:
-- so positions become visible in their order, and writers cannot wait for each other in a circle.
SELECT position, pg_current_xact_id()::text FROM meta FOR UPDATE;

-- name: read_outcome(transaction)
-- What became of a transaction whose answer was lost.
SELECT pg_xact_status(:transaction::xid8) = 'committed';

-- name: take_positions(count)
-- Move the newest position on; it never goes back, whatever is trimmed.
UPDATE meta SET position = position + :count;

-- name: create_document(kinds, ids, versions, keys, tags, dues, bodies)
-- Documents that must not exist yet. Breaks a unique index when one does, or when its key is taken.
INSERT INTO document (kind, id, version, key, tag, due, body)
SELECT * FROM unnest(:kinds::text[], :ids::text[], :versions::bigint[], :keys::text[], :tags::text[],
                     :dues::bigint[], :bodies::bytea[]);

-- name: replace_document(kinds, ids, bases, versions, keys, tags, dues, bodies)
-- The next states of documents that must still have the version `base`.
UPDATE document SET version = new.version, key = new.key, tag = new.tag, due = new.due, body = new.body
FROM unnest(:kinds::text[], :ids::text[], :bases::bigint[], :versions::bigint[], :keys::text[], :tags::text[],
            :dues::bigint[], :bodies::bytea[]) AS new (kind, id, base, version, key, tag, due, body)
WHERE document.kind = new.kind AND document.id = new.id AND document.version = new.base;

-- name: free_key(kinds, ids, bases)
-- Take the keys from documents that are about to be replaced, so that others can have them.
UPDATE document SET key = NULL
FROM unnest(:kinds::text[], :ids::text[], :bases::bigint[]) AS old (kind, id, base)
WHERE document.kind = old.kind AND document.id = old.id AND document.version = old.base;

-- name: delete_document(kinds, ids, bases)
-- The end of documents that must still have the version `base`.
DELETE FROM document USING unnest(:kinds::text[], :ids::text[], :bases::bigint[]) AS old (kind, id, base)
WHERE document.kind = old.kind AND document.id = old.id AND document.version = old.base;

-- name: read_version(kind, id)
-- The version a document has now.
SELECT version FROM document WHERE kind = :kind AND id = :id;

-- name: read_holder(kind, key)
-- Which document has a unique key.
SELECT id FROM document WHERE kind = :kind AND key = :key;

-- name: put_entry(sessions, idxs, bodies)
-- Transcript entries, each in the place of the earlier one with its index.
INSERT INTO entry (session, idx, body)
SELECT * FROM unnest(:sessions::text[], :idxs::integer[], :bodies::bytea[])
ON CONFLICT (session, idx) DO UPDATE SET body = excluded.body;

-- name: put_listing(names, ats, ids)
-- Places in lists; twice is once.
INSERT INTO listing (name, at, id)
SELECT * FROM unnest(:names::text[], :ats::bigint[], :ids::text[]) ON CONFLICT DO NOTHING;

-- name: put_word(spaces, ids, idxs, texts)
-- The words of texts, each in the place of its earlier ones.
INSERT INTO word (space, id, idx, text)
SELECT space, id, idx, array_to_tsvector(string_to_array(text, ' '))
FROM unnest(:spaces::text[], :ids::text[], :idxs::integer[], :texts::text[]) AS new (space, id, idx, text)
ON CONFLICT (id, space, idx) DO UPDATE SET text = excluded.text;

-- name: remove_word(spaces, ids, idxs)
-- Forget the words of texts.
DELETE FROM word USING unnest(:spaces::text[], :ids::text[], :idxs::integer[]) AS old (space, id, idx)
WHERE word.space = old.space AND word.id = old.id AND word.idx = old.idx;

-- name: erase_entries(sessions)
-- Forget whole transcripts.
DELETE FROM entry WHERE session = ANY(:sessions::text[]);

-- name: erase_listings(ids)
-- Take ids out of all lists.
DELETE FROM listing WHERE id = ANY(:ids::text[]);

-- name: erase_words(ids)
-- Forget the words of all texts of ids.
DELETE FROM word WHERE id = ANY(:ids::text[]);

-- name: add_row(positions, ats, bodies)
-- Outbox rows under the positions that were taken for them.
INSERT INTO outbox (position, at, body)
SELECT * FROM unnest(:positions::bigint[], :ats::bigint[], :bodies::bytea[]);

-- name: add_viewer(user_ids, positions)
-- Whom outbox rows concern; twice is once.
INSERT INTO audience (user_id, position)
SELECT * FROM unnest(:user_ids::text[], :positions::bigint[]) ON CONFLICT DO NOTHING;

-- name: read_fence(name)
-- The fence of a lease, whoever holds it; nobody else can get it before the end of the transaction.
SELECT fence FROM lease WHERE name = :name FOR SHARE;

-- name: notify()
-- Wake whoever listens, on every node, when the transaction is committed.
SELECT pg_notify('smsdesk', '');

-- name: listen()
-- Be told from now on.
LISTEN smsdesk;

-- name: get_document(kind, ids)
-- Documents by id.
SELECT kind, id, version, body, key, tag, due FROM document WHERE kind = :kind AND id = ANY(:ids::text[]);

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
-- A part of a transcript; without a count, to its end.
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
SELECT id, idx FROM word WHERE text @@ :query::tsquery AND space = :space
ORDER BY number DESC LIMIT :count OFFSET :skip;

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
FROM (SELECT position FROM outbox WHERE position < :below ORDER BY position LIMIT :count) AS few;

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
DELETE FROM document WHERE kind = :kind AND id IN (
  SELECT id FROM document WHERE kind = :kind AND due < :before ORDER BY due, id LIMIT :count
);

-- name: acquire_lease(name, owner, milliseconds)
-- Take a lease that is free or one's own; a new holder gets a greater fence.
INSERT INTO lease (name, owner, fence, until)
SELECT :name, :owner, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + :milliseconds
ON CONFLICT (name) DO UPDATE SET
  fence = lease.fence + (lease.owner <> excluded.owner)::integer, owner = excluded.owner, until = excluded.until
WHERE lease.owner = excluded.owner OR lease.until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- name: read_lease(name)
-- Who holds a lease, and until when.
SELECT name, owner, fence, until FROM lease WHERE name = :name;

-- name: release_lease(name, owner, fence)
-- Give a lease back, if it is still the same one.
UPDATE lease SET owner = '', until = 0 WHERE name = :name AND owner = :owner AND fence = :fence;
