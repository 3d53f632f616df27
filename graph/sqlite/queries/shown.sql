-- The nodes with their shown description, and the full-text words of each.
SELECT n.k, n.id, n.kind, n.shown, w.title, w.text
FROM node AS n LEFT JOIN words AS w ON w.rowid = n.k
WHERE n.k > ? ORDER BY n.k LIMIT ?
