INSERT INTO author (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING k
