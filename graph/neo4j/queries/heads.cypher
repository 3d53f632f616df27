MATCH (b:Bundle {head: $actor})
WHERE $key IS NULL OR b.key = $key
RETURN b.id AS id, b.n AS n ORDER BY id
