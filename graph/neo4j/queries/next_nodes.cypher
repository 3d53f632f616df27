MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > $after
RETURN t.id AS id ORDER BY t.id LIMIT $limit
