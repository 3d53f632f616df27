MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > $after AND t.shown IS NOT NULL
RETURN t.id AS id ORDER BY t.id LIMIT $limit
