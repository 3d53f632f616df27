MATCH (l:Log {name: 'log'}) SET l.origin = $origin
