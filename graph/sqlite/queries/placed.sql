SELECT b.position, b.id, c.header, c.body, c.signature
FROM json_each(?) AS j
CROSS JOIN bundle AS b ON b.position = j.value
CROSS JOIN content AS c ON c.position = b.position
