INSERT INTO tile (level, number, hash) VALUES (?, ?, ?)
