-- name: fill_body
UPDATE content SET body = ? WHERE position = ? AND body IS NULL

-- name: set_flags
UPDATE bundle SET counts = ?, lives = ? WHERE id = ?

-- name: set_author
UPDATE bundle SET author = ? WHERE id = ?

-- name: named
SELECT b.position, b.id, c.header, c.body, c.signature
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position
