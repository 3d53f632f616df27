SELECT c.header
FROM content AS c CROSS JOIN bundle AS b ON b.position = c.position
WHERE c.body IS NULL AND b.lives = 1
