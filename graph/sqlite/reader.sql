-- name: content
SELECT header, signature, body FROM content WHERE position = ?

-- name: withheld
SELECT count(*) FROM content WHERE awaits = 1

-- name: raw
SELECT b.position, b.id, c.header, c.body, c.signature
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.position >= ? ORDER BY b.position LIMIT ?

-- name: log
SELECT b.position, b.id, b.counts, b.lives, b.erased, b.cut, b.decider, b.place, a.name, c.header, c.body, c.signature, c.unfit, b.uri IS NULL AND b.actor IS NULL AND b.waits IS NULL
FROM bundle AS b JOIN content AS c USING (position) LEFT JOIN author AS a ON a.k = b.author
WHERE b.position >= ? ORDER BY b.position LIMIT ?

-- name: stored
SELECT b.position, b.id, b.counts, b.lives, b.erased, b.cut, b.decider, b.place, a.name, c.header, c.body, c.signature, c.unfit, b.uri IS NULL AND b.actor IS NULL AND b.waits IS NULL
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.id = substr(?1, j.value, 32)
CROSS JOIN content AS c ON c.position = b.position
LEFT JOIN author AS a ON a.k = b.author

-- name: living_vouchers
SELECT b.id FROM vouch AS v JOIN bundle AS b ON b.position = v.run WHERE v.record = ? AND b.lives = 1 ORDER BY b.id

-- name: answered_by
SELECT DISTINCT b.id FROM answer AS a JOIN bundle AS b ON b.position = a.bundle WHERE a.target = ? ORDER BY b.id

-- name: origin
SELECT name FROM origin

-- name: things
SELECT n.id, n.shown, a.name, d.bundle, b.at, b.n, b.id, b.actor, b."by", b.acts, b.grants, b.place, b.run
FROM json_each(?) AS j
JOIN node AS n ON n.id = j.value
LEFT JOIN description AS d ON d.node = n.k
LEFT JOIN author AS a ON a.k = d.author
LEFT JOIN bundle AS b ON b.position = d.bundle
WHERE n.shown IS NOT NULL
   OR EXISTS (SELECT 1 FROM edge WHERE source = n.k)
   OR EXISTS (SELECT 1 FROM edge WHERE target = n.k)

-- name: listed_all
SELECT id FROM node WHERE shown IS NOT NULL AND id > ? ORDER BY id LIMIT ?

-- name: listed
SELECT id FROM node WHERE shown IS NOT NULL AND kind = ? AND id > ? ORDER BY id LIMIT ?

-- name: count_nodes
SELECT coalesce(n.kind, 'unknown'), count(*)
FROM node AS n
WHERE n.shown IS NOT NULL
   OR EXISTS (SELECT 1 FROM edge WHERE source = n.k)
   OR EXISTS (SELECT 1 FROM edge WHERE target = n.k)
GROUP BY 1 ORDER BY 1

-- name: count_edges
SELECT r.name, count(*)
FROM (SELECT DISTINCT source, relation, target, qualifiers FROM edge) AS e
JOIN relation AS r ON r.k = e.relation
GROUP BY 1 ORDER BY 1

-- name: vectors
SELECT node, text, data FROM vector WHERE model = ? AND node > ? ORDER BY node LIMIT ?

-- name: count_waiting
SELECT count(*), min(waits), max(waits) FROM bundle WHERE waits IS NOT NULL

-- name: erased
SELECT position FROM bundle WHERE erased = 1 ORDER BY position
