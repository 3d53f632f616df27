SELECT id, n FROM bundle WHERE actor = ? AND head = 1 ORDER BY id
