SELECT s.id, e.relation, t.id, e.qualifiers, b.id
FROM json_each(?) AS j
CROSS JOIN node AS s ON s.id = j.value
CROSS JOIN json_each(?) AS r
CROSS JOIN edge AS e ON e.source = s.k AND e.relation = r.value
CROSS JOIN node AS t ON t.k = e.target
CROSS JOIN bundle AS b ON b.position = e.bundle
