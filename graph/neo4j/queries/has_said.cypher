MATCH (b:Bundle {said: $body})
USING INDEX b:Bundle(said)
WHERE b.actor = $actor AND b.lives
RETURN b.id AS id LIMIT 1
