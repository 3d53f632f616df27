SELECT f.id, ?2, ?1, e.qualifiers, e.bundle
FROM edge AS e CROSS JOIN node AS f ON f.k = e.source
WHERE e.target = ?3 AND e.relation = ?2 AND e.source >= ?4
ORDER BY e.source, e.bundle, e.ordinal
