SELECT id FROM bundle WHERE ends = ?
