SELECT position, id FROM bundle WHERE position >= ? ORDER BY position LIMIT ?
