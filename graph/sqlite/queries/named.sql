SELECT b.position, b.id, c.header, c.body, c.signature
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position
