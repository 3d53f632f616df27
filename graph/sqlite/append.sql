-- name: fill_body
UPDATE content SET body = ?, unfit = ?, awaits = NULL WHERE position = ? AND awaits = 1

-- name: set_silent
UPDATE bundle SET silent = ? WHERE position = ?

-- name: set_state
UPDATE bundle SET counts = ?, lives = ?, erased = ?, cut = ?, decider = ?, place = ? WHERE id = ?

-- name: set_author
UPDATE bundle SET author = ?, acts = ?, grants = ? WHERE id = ?

-- name: await_body
UPDATE content SET awaits = 1 WHERE position = ?

-- name: named
SELECT b.position, b.id, c.header, c.body, c.signature, c.unfit
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position

-- name: waiting
SELECT b.position, c.header, c.body, c.signature, c.unfit
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.waits <= ? ORDER BY b.position

-- name: set_signature
UPDATE content SET signature = ? WHERE position = ?
