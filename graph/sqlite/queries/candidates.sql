SELECT a.name, d.bundle, b.at, b.n, b.id, n.shown, m.id AS minter
FROM node AS n
LEFT JOIN description AS d ON d.node = n.k
LEFT JOIN author AS a ON a.k = d.author
LEFT JOIN bundle AS b ON b.position = d.bundle
LEFT JOIN bundle AS m ON m.position = n.minter
WHERE n.k = ?
