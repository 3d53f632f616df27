UNWIND $ids AS id
MATCH (s:Thing {id: id})-[e:RELATES]->(t:Thing)
USING INDEX s:Thing(id)
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers
