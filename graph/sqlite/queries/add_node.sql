INSERT INTO node (k, id, kind, minter, shown) VALUES (?, ?, ?, ?, ?)
