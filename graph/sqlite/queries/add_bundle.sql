INSERT INTO bundle (position, id, author, at, n, uri, actor, key, said, ends, head)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
