UNWIND $ids AS id
MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > 'mention:' + id + '/' AND t.id < 'mention:' + id + '0'
RETURN t.id AS id
