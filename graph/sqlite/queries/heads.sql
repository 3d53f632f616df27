SELECT id, n FROM bundle WHERE actor = ?1 AND head = 1 AND (?2 IS NULL OR key = ?2) ORDER BY id
