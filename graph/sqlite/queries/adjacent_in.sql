SELECT s.id, r.name, t.id, e.qualifiers, b.id
FROM json_each(?1) AS j
CROSS JOIN node AS t ON t.id = j.value
CROSS JOIN edge AS e ON e.target = t.k
CROSS JOIN relation AS r ON r.k = e.relation
CROSS JOIN node AS s ON s.k = e.source
CROSS JOIN bundle AS b ON b.position = e.bundle
WHERE ?2 IS NULL OR r.name IN (SELECT value FROM json_each(?2))
