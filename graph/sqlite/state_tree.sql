-- name: count_stale
SELECT EXISTS (SELECT 1 FROM node WHERE stale = 1)

-- name: stale
SELECT k, id FROM node WHERE stale = 1 ORDER BY k LIMIT ?

-- name: make_fresh
UPDATE node SET stale = NULL WHERE k IN (SELECT value FROM json_each(?))

-- name: digest_descriptions
SELECT n.id, a.name, b.position, b.at, b.n, b.id, b.actor, b."by", b.acts, b.grants, b.place, b.run
FROM json_each(?) AS j
CROSS JOIN node AS n ON n.k = j.value
CROSS JOIN description AS d ON d.node = n.k
CROSS JOIN author AS a ON a.k = d.author
CROSS JOIN bundle AS b ON b.position = d.bundle

-- name: digest_edges
SELECT a.name, coalesce(b.actor, a.name), coalesce(b."by", a.name), s.id, r.name, t.id, e.qualifiers
FROM json_each(?) AS j
CROSS JOIN node AS s ON s.k = j.value
CROSS JOIN edge AS e ON e.source = s.k
CROSS JOIN relation AS r ON r.k = e.relation
CROSS JOIN node AS t ON t.k = e.target
CROSS JOIN bundle AS b ON b.position = e.bundle
CROSS JOIN author AS a ON a.k = b.author
WHERE b.run IS NULL

-- name: is_absent
SELECT 1 FROM bundle WHERE silent = ? AND lives = 1 AND run IS NULL LIMIT 1

-- name: put_leaf
INSERT INTO leaf (place, hash) VALUES (?, ?) ON CONFLICT (place) DO UPDATE SET hash = excluded.hash

-- name: drop_leaf
DELETE FROM leaf WHERE place = ?

-- name: first_leaves
SELECT j.value,
       (SELECT hash FROM leaf WHERE place >= j.value AND place < j.value || 'g' ORDER BY place LIMIT 1),
       (SELECT hash FROM leaf WHERE place >= j.value AND place < j.value || 'g' ORDER BY place LIMIT 1 OFFSET 1)
FROM json_each(?) AS j

-- name: leaves_below
SELECT j.value, l.place, l.hash
FROM json_each(?) AS j CROSS JOIN leaf AS l ON l.place >= j.value AND l.place < j.value || 'g'

-- name: branches
SELECT prefix, hash FROM branch WHERE prefix IN (SELECT value FROM json_each(?))

-- name: put_branch
INSERT INTO branch (prefix, hash) VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET hash = excluded.hash

-- name: drop_branch
DELETE FROM branch WHERE prefix = ?
