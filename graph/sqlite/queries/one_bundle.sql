SELECT b.position, b.id, b.counts, b.lives, a.name, c.header, c.body, c.signature
FROM bundle AS b JOIN content AS c USING (position) LEFT JOIN author AS a ON a.k = b.author
WHERE b.id = ?
