INSERT INTO bundle (position, id, author, at, n, uri, actor, said, ends, head)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
