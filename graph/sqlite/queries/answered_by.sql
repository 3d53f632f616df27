SELECT DISTINCT b.id FROM answer AS a JOIN bundle AS b ON b.position = a.bundle WHERE a.target = ? ORDER BY b.id
