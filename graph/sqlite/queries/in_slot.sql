SELECT b.uri, b.id
FROM json_each(?2) AS j
CROSS JOIN bundle AS b ON b.author = (SELECT k FROM author WHERE name = ?1) AND b.uri = j.value
