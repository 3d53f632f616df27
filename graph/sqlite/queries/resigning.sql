SELECT id FROM bundle WHERE ends = 'self' AND actor = ?
