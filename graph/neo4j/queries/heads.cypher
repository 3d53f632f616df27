MATCH (b:Bundle {head: $actor})
USING INDEX b:Bundle(head)
WHERE $key IS NULL OR b.key = $key
RETURN b.id AS id, b.n AS n ORDER BY id
