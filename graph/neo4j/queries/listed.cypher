MATCH (t:Thing)
USING INDEX t:Thing(kind, id)
WHERE t.kind = $kind AND t.id > $after AND t.shown IS NOT NULL
RETURN t.id AS id ORDER BY t.id LIMIT $limit
