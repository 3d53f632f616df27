SELECT 1 FROM bundle WHERE actor = ? AND said = ? AND lives = 1 LIMIT 1
