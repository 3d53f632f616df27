UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
RETURN t.id AS id
