SELECT b.position, b.id, c.header, c.body, c.signature
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.position >= ? ORDER BY b.position LIMIT ?
