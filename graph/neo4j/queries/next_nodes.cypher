MATCH (t:Thing)
WHERE t.id > $after
RETURN t.id AS id ORDER BY t.id LIMIT $limit
