-- name: set_trust
UPDATE author SET trusted = name IN (SELECT value FROM json_each(?))

-- name: set_origin
UPDATE origin SET name = ?

-- name: add_vector
INSERT INTO vector (model, node, text, data) VALUES (?, ?, ?, ?) ON CONFLICT (model, node) DO UPDATE SET text = excluded.text, data = excluded.data
