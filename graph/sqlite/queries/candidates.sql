SELECT a.name, d.bundle, b.at, b.n, b.id, n.shown
FROM node AS n
LEFT JOIN description AS d ON d.node = n.k
LEFT JOIN author AS a ON a.k = d.author
LEFT JOIN bundle AS b ON b.position = d.bundle
WHERE n.k = ?
