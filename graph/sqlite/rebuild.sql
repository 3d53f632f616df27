-- name: forget_edge
DELETE FROM edge

-- name: forget_description
DELETE FROM description

-- name: forget_node
DELETE FROM node

-- name: forget_vouch
DELETE FROM vouch

-- name: forget_answer
DELETE FROM answer

-- name: forget_previous
DELETE FROM previous

-- name: forget_flags
UPDATE bundle SET counts = uri IS NOT NULL, lives = 0

-- name: placed
SELECT b.position, b.id, c.header, c.body, c.signature
FROM json_each(?) AS j
CROSS JOIN bundle AS b ON b.position = j.value
CROSS JOIN content AS c ON c.position = b.position

-- name: words_schema
SELECT sql FROM sqlite_schema WHERE name = 'words'

-- name: forget_words
DROP TABLE words

-- name: headers_from
SELECT b.position, c.header, c.signature, b.uri IS NULL AND b.actor IS NULL
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.position >= ? ORDER BY b.position LIMIT ?

-- name: reset_bundle
UPDATE bundle
SET author = ?1, at = ?2, n = ?3, uri = ?4, actor = ?5, key = ?6, said = ?7, ends = ?8, head = ?9
WHERE position = ?10
  AND (author, at, n, uri, actor, key, said, ends, head) IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
