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
