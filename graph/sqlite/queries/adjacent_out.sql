SELECT j.value, e.relation, f.id, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN edge AS e ON e.source = n.k
CROSS JOIN node AS f ON f.k = e.target
