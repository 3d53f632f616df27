SELECT n.id, a.name, b.at, b.n, b.id, b.position
FROM node AS n
CROSS JOIN description AS d ON d.node = n.k
CROSS JOIN author AS a ON a.k = d.author
CROSS JOIN bundle AS b ON b.position = d.bundle
ORDER BY n.id
