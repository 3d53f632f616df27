SELECT b.id, b.counts, b.lives, CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN NULL ELSE c.header END
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position
