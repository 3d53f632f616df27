MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start
RETURN b.position AS position, b.id AS id, b.header AS header, b.body AS body, b.signature AS signature
ORDER BY b.position LIMIT $limit
