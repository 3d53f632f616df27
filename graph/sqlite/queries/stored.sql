SELECT b.position, b.id, b.counts, b.lives, a.name, c.header, c.body, c.signature
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position
LEFT JOIN author AS a ON a.k = b.author
