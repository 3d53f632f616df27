-- name: search
SELECT n.id
FROM words JOIN node AS n ON n.k = words.rowid
WHERE words MATCH ?1 AND (?2 IS NULL OR n.kind = ?2)
ORDER BY bm25(words, 8.0, 1.0), n.id
LIMIT ?3
