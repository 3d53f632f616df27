SELECT b.id, b.position, EXISTS (
    SELECT 1
    FROM content AS c INDEXED BY content_withheld
    WHERE c.position = b.position AND c.body IS NULL
)
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
