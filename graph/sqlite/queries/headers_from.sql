SELECT b.position, c.header, c.signature, b.uri IS NULL AND b.actor IS NULL
FROM bundle AS b CROSS JOIN content AS c ON c.position = b.position
WHERE b.position >= ? ORDER BY b.position LIMIT ?
