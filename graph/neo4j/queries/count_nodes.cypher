MATCH (t:Thing)
WHERE t.shown IS NOT NULL OR EXISTS { (t)-[:RELATES]-() }
RETURN coalesce(t.kind, 'unknown') AS name, count(*) AS number ORDER BY name
