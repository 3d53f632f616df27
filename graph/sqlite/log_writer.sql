-- name: size
SELECT coalesce(max(position) + 1, 0) FROM bundle

-- name: here
-- With the envelopes of what is not understood.
SELECT b.id, b.position, EXISTS (
    SELECT 1
    FROM content AS c INDEXED BY content_withheld
    WHERE c.position = b.position AND c.awaits = 1
), CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN (SELECT signature FROM content WHERE position = b.position) END,
   b.uri IS NULL AND b.actor IS NULL AND b.waits IS NULL
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)

-- name: add_author
INSERT INTO author (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING k

-- name: add_bundle
INSERT INTO bundle (position, id, silent, waits, author, at, n, uri, actor, key, "by", run, said, ends, head)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: reset_bundle
UPDATE bundle
SET waits = ?1, author = ?2, at = ?3, n = ?4, uri = ?5, actor = ?6, key = ?7, "by" = ?8, run = ?9, said = ?10, ends = ?11, head = ?12
WHERE position = ?13
  AND (waits, author, at, n, uri, actor, key, "by", run, said, ends, head)
      IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)

-- name: add_content
INSERT INTO content (position, header, signature, body, awaits, unfit) VALUES (?, ?, ?, ?, ?, ?)

-- name: add_vouch
INSERT INTO vouch (record, run) VALUES (?, ?)

-- name: add_answer
INSERT INTO answer (target, bundle, verb) VALUES (?, ?, ?)

-- name: add_end_head
INSERT INTO end_head (head, bundle) VALUES (?, ?)

-- name: add_previous
INSERT INTO previous (earlier, bundle) VALUES (?, ?)

-- name: follow
UPDATE bundle SET head = 0 WHERE id = ? AND actor = ? AND key = ?

-- name: is_followed
SELECT 1
FROM previous AS p JOIN bundle AS b ON b.position = p.bundle
WHERE p.earlier = ? AND b.actor = ? AND b.key = ? LIMIT 1

-- name: tiles
SELECT hash FROM tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number

-- name: headers
SELECT header FROM content WHERE position >= ? AND position < ? ORDER BY position

-- name: add_tile
INSERT INTO tile (level, number, hash) VALUES (?, ?, ?)

-- name: add_checkpoint
INSERT INTO checkpoint (size, root, at) VALUES (?, ?, ?)

-- name: last_checkpoint
SELECT size, root FROM checkpoint ORDER BY size DESC LIMIT 1
