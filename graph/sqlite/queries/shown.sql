-- The nodes as they are shown, and by which words each is found.
SELECT n.k, n.id, n.kind, n.shown, w.title, w.text
FROM node AS n LEFT JOIN words AS w ON w.rowid = n.k
WHERE n.k > ? ORDER BY n.k LIMIT ?
