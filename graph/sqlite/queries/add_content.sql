INSERT INTO content (position, header, signature, body) VALUES (?, ?, ?, ?)
