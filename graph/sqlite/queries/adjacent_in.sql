SELECT s.id, e.relation, t.id, e.qualifiers, b.id
FROM json_each(?) AS j
CROSS JOIN node AS t ON t.id = j.value
CROSS JOIN edge AS e ON e.target = t.k
CROSS JOIN node AS s ON s.k = e.source
CROSS JOIN bundle AS b ON b.position = e.bundle
