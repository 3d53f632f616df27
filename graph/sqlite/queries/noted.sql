-- What is noted of the bundles for judging what comes, and whether each is a head, as it would be noted now. Of those
-- of which nothing is noted, as they were not understood when they came, also the body.
SELECT b.position, b.head IS NOT CASE WHEN b.key IS NOT NULL THEN NOT EXISTS (
           SELECT 1 FROM previous AS p JOIN bundle AS f ON f.position = p.bundle
           WHERE p.earlier = b.id AND f.actor = b.actor AND f.key = b.key
       ) END,
       c.header, CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN c.body END, c.signature, b.at, b.n, b.uri, b.actor, b.key, b.said, b.ends
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.position >= ? ORDER BY b.position LIMIT ?
