MERGE (l:Log {name: 'log'})
ON CREATE SET l.size = 0, l.writes = 0, l.trusted = []
SET l.schema = $schema, l.origin = coalesce(l.origin, $origin)
