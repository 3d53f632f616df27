-- name: forget_trust
DELETE FROM trust

-- name: add_trust
INSERT INTO trust (place, author, sources) VALUES (?, ?, ?)

-- name: set_origin
UPDATE origin SET name = ?

-- name: add_vector
INSERT INTO vector (model, node, text, data) VALUES (?, ?, ?, ?) ON CONFLICT (model, node) DO UPDATE SET text = excluded.text, data = excluded.data
