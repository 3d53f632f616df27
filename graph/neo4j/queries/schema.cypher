MATCH (l:Log {name: 'log'}) RETURN l.schema AS schema
