SELECT DISTINCT w.uri, w.id, r.name
FROM json_each(?2) AS j
CROSS JOIN bundle AS w ON w.author = (SELECT k FROM author WHERE name = ?1) AND w.uri = j.value AND w.lives = 1
LEFT JOIN vouch AS v ON v.record = w.id
LEFT JOIN bundle AS b ON b.position = v.run AND b.lives = 1
LEFT JOIN author AS r ON r.k = b.author
