MATCH (b:Bundle {said: $body})
WHERE b.actor = $actor AND b.lives
RETURN b.id AS id LIMIT 1
