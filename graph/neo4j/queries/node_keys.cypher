UNWIND $ids AS id
MATCH (t:Thing {id: id})
RETURN t.id AS id
