SELECT b.position FROM bundle AS b JOIN content AS c USING (position) WHERE b.id = ? AND c.body IS NULL
