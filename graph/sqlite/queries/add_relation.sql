INSERT INTO relation (name) VALUES (?) RETURNING k
