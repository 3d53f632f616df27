MATCH (s:Thing)-[e:RELATES]->(t:Thing)
WITH DISTINCT s, t, e.relation AS name, e.qualifiers AS qualifiers
RETURN name, count(*) AS number ORDER BY name
