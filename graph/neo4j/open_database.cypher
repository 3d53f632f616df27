// name: anything
MATCH (n) RETURN labels(n) AS labels LIMIT 1

// name: schema
MATCH (l:Log {name: 'log'}) RETURN l.schema AS schema

// name: await_indexes
CALL db.awaitIndexes(300)

// name: set_schema
MERGE (l:Log {name: 'log'})
ON CREATE SET l.size = 0, l.writes = 0, l.trust = '[]'
SET l.schema = $schema, l.origin = coalesce(l.origin, $origin)
