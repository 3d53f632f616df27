-- The columns by which the rules look up bundles, and whether each should be a head. For bundles without such columns,
-- as they were not understood on arrival, also the body.
SELECT b.position, b.head IS NOT CASE WHEN b.key IS NOT NULL THEN NOT EXISTS (
           SELECT 1 FROM previous AS p JOIN bundle AS f ON f.position = p.bundle
           WHERE p.earlier = b.id AND f.actor = b.actor AND f.key = b.key
       ) END,
       c.header, CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN c.body END, c.signature, b.at, b.n, b.uri, b.actor, b.key, b.said, b.ends
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.position >= ? ORDER BY b.position LIMIT ?
