-- name: briefs
SELECT b.id, b.counts, b.lives, b.erased, b.cut, b.decider, b.place,
       b.at, b.n, b.key, b.actor, b.uri, b."by", b.run, a.name
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
LEFT JOIN author AS a ON a.k = b.author
WHERE b.uri IS NOT NULL OR b.actor IS NOT NULL

-- name: header_of
SELECT c.header
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.id = ? AND (b.uri IS NOT NULL OR b.actor IS NOT NULL)

-- name: vouching
SELECT v.record, b.id
FROM json_each(?2) AS j
CROSS JOIN vouch AS v ON v.record = substr(?1, j.value, 32)
CROSS JOIN bundle AS b ON b.position = v.run

-- name: in_slot
SELECT b.uri, b.id
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.author = (SELECT k FROM author WHERE name = ?1) AND b.uri = j.value

-- name: trust_list
SELECT author, sources FROM trust ORDER BY place

-- name: has_answers
SELECT 1 FROM answer LIMIT 1

-- name: answering
SELECT DISTINCT b.id FROM answer AS a JOIN bundle AS b ON b.position = a.bundle WHERE a.target = ?

-- name: words_by
SELECT a.verb, b.id
FROM answer AS a CROSS JOIN bundle AS b ON b.position = a.bundle
WHERE a.target = ?1 AND b.author = (SELECT k FROM author WHERE name = ?2)
  AND a.verb IN ('retracts', 'supersedes', 'erases', 'restores')

-- name: following
SELECT b.id FROM previous AS p JOIN bundle AS b ON b.position = p.bundle WHERE p.earlier = ?

-- name: ending_at
SELECT b.id FROM end_head AS e JOIN bundle AS b ON b.position = e.bundle WHERE e.head = ?

-- name: speaking_as
SELECT id FROM bundle WHERE actor = ?

-- name: ending
SELECT id FROM bundle WHERE ends = ?

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
    WHERE c.position = w.position AND c.awaits = 1
  )

-- name: has_said
SELECT 1 FROM bundle WHERE actor = ? AND said = ? AND lives = 1 LIMIT 1

-- name: voices
-- The index holds one key's statements by author: this jumps from author to author.
WITH RECURSIVE voice (author) AS (
    SELECT min(author) FROM bundle WHERE key = ?1 AND counts = 1
    UNION ALL
    SELECT (SELECT min(author) FROM bundle WHERE key = ?1 AND counts = 1 AND author > voice.author)
    FROM voice WHERE voice.author IS NOT NULL
)
SELECT a.name FROM voice CROSS JOIN author AS a ON a.k = voice.author
