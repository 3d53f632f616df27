SELECT ?1, ?2, f.id, e.qualifiers, e.bundle
FROM edge AS e CROSS JOIN node AS f ON f.k = e.target
WHERE e.source = ?3 AND e.relation = ?2 AND e.target >= ?4
ORDER BY e.target, e.bundle, e.ordinal
