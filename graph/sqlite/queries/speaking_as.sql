SELECT id FROM bundle WHERE actor = ?
