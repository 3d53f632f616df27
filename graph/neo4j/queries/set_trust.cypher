MATCH (l:Log {name: 'log'}) SET l.trusted = $authors
