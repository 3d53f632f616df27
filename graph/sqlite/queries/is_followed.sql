SELECT 1
FROM previous AS p JOIN bundle AS b ON b.position = p.bundle
WHERE p.earlier = ? AND b.actor = ? AND b.key = ? LIMIT 1
