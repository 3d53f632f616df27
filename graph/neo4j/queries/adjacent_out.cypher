UNWIND range(0, size($ids) - 1) AS place
MATCH (s:Thing {id: $ids[place]})
USING INDEX s:Thing(id)
MATCH (s)-[e:RELATES]->(t:Thing)
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, target, qualifiers, bundle
