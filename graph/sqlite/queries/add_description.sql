INSERT INTO description (node, author, bundle) VALUES (?, ?, ?)
