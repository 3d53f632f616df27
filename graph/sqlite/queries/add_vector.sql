INSERT INTO vector (model, node, text, data) VALUES (?, ?, ?, ?) ON CONFLICT (model, node) DO UPDATE SET text = excluded.text, data = excluded.data
