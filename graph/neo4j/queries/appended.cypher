MATCH (c:Checkpoint {token: $token})
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= c.first AND b.position < c.size
WITH c, b ORDER BY b.position
RETURN c.size AS size, c.root AS root, collect(b.id) AS added
