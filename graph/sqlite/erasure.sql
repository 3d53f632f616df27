-- name: drop_body
UPDATE content SET body = NULL, unfit = NULL, awaits = NULL WHERE position = ?

-- name: drop_vectors
DELETE FROM vector WHERE node IN (SELECT value FROM json_each(?))

-- name: note_remains
INSERT INTO remains DEFAULT VALUES

-- name: newest_remains
SELECT max(k), min(is_rewritten) FROM remains

-- name: optimize_words
INSERT INTO words (words) VALUES ('optimize')

-- name: note_rewrite
UPDATE remains SET is_rewritten = 1 WHERE k <= ?

-- name: forget_remains
DELETE FROM remains WHERE k <= ?
