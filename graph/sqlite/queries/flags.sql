SELECT b.counts, b.lives, c.header FROM bundle AS b JOIN content AS c USING (position) WHERE b.id = ?
