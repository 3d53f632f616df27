// name: set_trust
MATCH (l:Log {name: 'log'}) SET l.trust = $trust

// name: set_origin
MATCH (l:Log {name: 'log'}) SET l.origin = $origin

// name: add_vector
UNWIND $rows AS row
MERGE (v:Vector {model: row[0], node: row[1]})
SET v.text = row[2], v.data = row[3]
