SELECT s.id, r.name, t.id, e.qualifiers
FROM node AS s
CROSS JOIN edge AS e ON e.source = s.k
CROSS JOIN relation AS r ON r.k = e.relation
CROSS JOIN node AS t ON t.k = e.target
ORDER BY s.id
