UNWIND range(0, size($ids) - 1) AS place
MATCH (t:Thing {id: $ids[place]})
USING INDEX t:Thing(id)
MATCH (s:Thing)-[e:RELATES]->(t)
WHERE e.relation IN $relations
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, source, qualifiers, bundle
