INSERT INTO checkpoint (size, root, at) VALUES (?, ?, ?)
