SELECT n.id, n.kind, n.shown, a.name, d.bundle, b.id, b.at, b.n
FROM json_each(?) AS j
JOIN node AS n ON n.id = j.value
LEFT JOIN description AS d ON d.node = n.k
LEFT JOIN author AS a ON a.k = d.author
LEFT JOIN bundle AS b ON b.position = d.bundle
WHERE n.shown IS NOT NULL
   OR EXISTS (SELECT 1 FROM edge WHERE source = n.k)
   OR EXISTS (SELECT 1 FROM edge WHERE target = n.k)
