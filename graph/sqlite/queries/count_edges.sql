SELECT r.name, count(*)
FROM (SELECT DISTINCT source, relation, target, qualifiers FROM edge) AS e
JOIN relation AS r ON r.k = e.relation
GROUP BY 1 ORDER BY 1
