-- name: adjacent_out
SELECT j.value, e.relation, f.id, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN edge AS e ON e.source = n.k
CROSS JOIN node AS f ON f.k = e.target

-- name: adjacent_out_by
SELECT j.value, e.relation, f.id, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN json_each(?) AS r
CROSS JOIN edge AS e ON e.source = n.k AND e.relation = r.value
CROSS JOIN node AS f ON f.k = e.target

-- name: adjacent_in
SELECT f.id, e.relation, j.value, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN edge AS e ON e.target = n.k
CROSS JOIN node AS f ON f.k = e.source

-- name: adjacent_in_by
SELECT f.id, e.relation, j.value, e.qualifiers, e.bundle
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.id = j.value
CROSS JOIN json_each(?) AS r
CROSS JOIN edge AS e ON e.target = n.k AND e.relation = r.value
CROSS JOIN node AS f ON f.k = e.source

-- name: adjacent_out_from
SELECT ?1, ?2, f.id, e.qualifiers, e.bundle
FROM edge AS e CROSS JOIN node AS f ON f.k = e.target
WHERE e.source = ?3 AND e.relation = ?2 AND e.target >= ?4
ORDER BY e.target, e.bundle, e.ordinal

-- name: adjacent_in_from
SELECT f.id, ?2, ?1, e.qualifiers, e.bundle
FROM edge AS e CROSS JOIN node AS f ON f.k = e.source
WHERE e.target = ?3 AND e.relation = ?2 AND e.source >= ?4
ORDER BY e.source, e.bundle, e.ordinal

-- name: relations
SELECT k, name FROM relation

-- name: names
SELECT position, id FROM bundle WHERE position IN (SELECT value FROM json_each(?))
