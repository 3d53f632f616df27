SELECT w.id, r.author
FROM bundle AS w
JOIN author AS a ON a.k = w.author
LEFT JOIN vouch AS v ON v.record = w.id
LEFT JOIN bundle AS b ON b.position = v.run AND b.lives = 1
LEFT JOIN (SELECT k, name AS author FROM author) AS r ON r.k = b.author
WHERE a.name = ? AND w.uri = ? AND w.lives = 1
