SELECT 1 FROM bundle WHERE id = ?
