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

-- name: forget_end_head
DELETE FROM end_head

-- name: forget_states
UPDATE bundle SET counts = uri IS NOT NULL, lives = 0, erased = 0, cut = 0, decider = NULL, place = NULL, acts = NULL, grants = NULL

-- name: placed
SELECT b.position, b.id, c.header, c.body, c.signature, c.unfit
FROM json_each(?) AS j
CROSS JOIN bundle AS b ON b.position = j.value
CROSS JOIN content AS c ON c.position = b.position

-- name: words_schema
SELECT sql FROM sqlite_schema WHERE name = 'words'

-- name: forget_words
DROP TABLE words

-- name: headers_from
SELECT b.position, c.header, c.signature, (b.uri IS NULL AND b.actor IS NULL) OR c.unfit IS NOT NULL, c.body IS NULL
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.position >= ? ORDER BY b.position LIMIT ?

-- name: reset_unfit
UPDATE content SET unfit = ?1 WHERE position = ?2 AND unfit IS NOT ?1

-- name: reset_silent
UPDATE bundle SET silent = ?1 WHERE position = ?2 AND silent IS NOT ?1

-- name: forget_leaf
DELETE FROM leaf

-- name: forget_branch
DELETE FROM branch

-- name: erased_bundles
SELECT c.position, c.header, c.body, c.signature, c.unfit
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.erased = 1

-- name: await_restored
UPDATE content SET awaits = 1
WHERE body IS NULL AND awaits IS NULL
  AND position IN (SELECT position FROM bundle WHERE silent IS NOT NULL AND erased = 0)
