INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)
