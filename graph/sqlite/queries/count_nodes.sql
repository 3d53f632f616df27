SELECT coalesce(n.kind, 'unknown'), count(*)
FROM node AS n
WHERE n.shown IS NOT NULL
   OR EXISTS (SELECT 1 FROM edge WHERE source = n.k)
   OR EXISTS (SELECT 1 FROM edge WHERE target = n.k)
GROUP BY 1 ORDER BY 1
