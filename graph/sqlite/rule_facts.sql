-- name: flags
SELECT b.id, b.counts, b.lives, CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN NULL ELSE c.header END
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position

-- name: vouching
SELECT v.record, b.id, b.at
FROM json_each(?2) AS j
CROSS JOIN vouch AS v ON v.record = substr(?1, j.value, 32)
CROSS JOIN bundle AS b ON b.position = v.run

-- name: in_slot
SELECT b.uri, b.id
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.author = (SELECT k FROM author WHERE name = ?1) AND b.uri = j.value

-- name: trusted
SELECT name FROM author WHERE trusted = 1 ORDER BY name

-- name: has_answers
SELECT 1 FROM answer LIMIT 1

-- name: answering
SELECT b.id FROM answer AS a JOIN bundle AS b ON b.position = a.bundle WHERE a.target = ? AND a.verb IN ('retracts', 'supersedes')

-- name: speaking_as
SELECT id FROM bundle WHERE actor = ?

-- name: ending
SELECT id FROM bundle WHERE ends = ?

-- name: resigning
SELECT id FROM bundle WHERE ends = 'self' AND actor = ?

-- name: heads
SELECT id, n FROM bundle WHERE actor = ?1 AND head = 1 AND (?2 IS NULL OR key = ?2) ORDER BY id

-- name: standings
SELECT DISTINCT w.uri, w.id, r.name
FROM json_each(?2) AS j
CROSS JOIN bundle AS w ON w.author = (SELECT k FROM author WHERE name = ?1) AND w.uri = j.value AND w.lives = 1
LEFT JOIN vouch AS v ON v.record = w.id
LEFT JOIN bundle AS b ON b.position = v.run AND b.lives = 1
LEFT JOIN author AS r ON r.k = b.author

-- name: upheld
SELECT w.id
FROM json_each(?2) AS j
CROSS JOIN bundle AS w ON w.id = substr(?1, j.value, 32)
WHERE w.lives = 1
  AND EXISTS (
    SELECT 1
    FROM vouch AS v CROSS JOIN bundle AS b ON b.position = v.run
    WHERE v.record = w.id AND b.lives = 1 AND b.author = (SELECT k FROM author WHERE name = ?3)
  )
  AND NOT EXISTS (
    SELECT 1
    FROM content AS c INDEXED BY content_withheld
    WHERE c.position = w.position AND c.body IS NULL
  )

-- name: has_said
SELECT 1 FROM bundle WHERE actor = ? AND said = ? AND lives = 1 LIMIT 1
