SELECT f.id, e.relation, j.value, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN json_each(?) AS r
CROSS JOIN edge AS e ON e.target = n.k AND e.relation = r.value
CROSS JOIN node AS f ON f.k = e.source
