-- name: node_keys
SELECT id, k FROM node WHERE id IN (SELECT value FROM json_each(?))

-- name: next_node
SELECT coalesce(max(k) + 1, 1) FROM node

-- name: set_minter
UPDATE node SET minter = ? WHERE k = ?

-- name: mentions_on
SELECT id, k FROM node WHERE id > 'mention:' || ?1 || '/' AND id < 'mention:' || ?1 || '0'

-- name: add_node
INSERT INTO node (k, id, kind, minter, shown, stale) VALUES (?, ?, ?, ?, ?, ?)

-- name: make_stale
UPDATE node SET stale = 1 WHERE k = ? AND stale IS NULL

-- name: add_words
INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)

-- name: candidates
SELECT a.name, d.bundle, b.at, b.n, b.id, b.actor, b."by", b.acts, b.grants, b.place, b.run, n.shown
FROM node AS n
LEFT JOIN description AS d ON d.node = n.k
LEFT JOIN author AS a ON a.k = d.author
LEFT JOIN bundle AS b ON b.position = d.bundle
WHERE n.k = ?

-- name: set_shown
UPDATE node SET kind = ?, shown = ? WHERE k = ?

-- name: drop_words
DELETE FROM words WHERE rowid = ?

-- name: minter
SELECT b.id FROM node AS n JOIN bundle AS b ON b.position = n.minter WHERE n.id = ?

-- name: add_description
INSERT INTO description (node, author, bundle) VALUES (?, ?, ?)

-- name: add_edge
INSERT INTO edge (source, relation, target, bundle, ordinal, qualifiers) VALUES (?, ?, ?, ?, ?, ?)

-- name: drop_description
DELETE FROM description WHERE node = ? AND author = ? AND bundle = ?

-- name: drop_edge
DELETE FROM edge WHERE source = ? AND relation = ? AND target = ? AND bundle = ?

-- name: add_relation
INSERT INTO relation (name) VALUES (?) RETURNING k
