// name: head
MATCH (l:Log {name: 'log'})
RETURN l.size AS size, l.root AS root, l.trust AS trust, l.writes AS writes, l.origin AS origin,
       l.stage AS stage, l.place AS place

// name: lock
MATCH (l:Log {name: 'log'})
SET l.writes = l.writes + 1
RETURN l.size AS size, l.root AS root, l.trust AS trust, l.writes AS writes, l.origin AS origin,
       l.stage AS stage, l.place AS place

// name: add_bundle
UNWIND $rows AS row
CREATE (b:Name:Bundle)
SET b = row

// name: add_heard
UNWIND $rows AS row
MATCH (b:Name {id: row.id})
USING INDEX b:Name(id)
SET b:Bundle, b += row

// name: add_vouch
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
UNWIND row[1] AS name
MERGE (r:Name {id: name})
CREATE (b)-[:VOUCHES]->(r)

// name: add_answer
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
MERGE (r:Name {id: row[1]})
CREATE (b)-[:ANSWERS {verb: row[2]}]->(r)

// name: add_previous
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
MERGE (r:Name {id: row[1]})
CREATE (b)-[:FOLLOWS]->(r)

// name: add_end
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
MERGE (r:Name {id: row[1]})
CREATE (b)-[:ENDS]->(r)

// name: add_head
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
MERGE (r:Name {id: row[1]})
CREATE (b)-[:KEEPS]->(r)

// name: follow
UNWIND $rows AS name
MATCH (own:Name:Bundle {id: name})-[:FOLLOWS]->(p:Name)
USING INDEX own:Name(id)
WITH DISTINCT p
MATCH (p)<-[:FOLLOWS]-(b:Bundle)
WHERE b.actor = p.actor AND b.key = p.key
REMOVE p.head

// name: is_followed
UNWIND $rows AS name
MATCH (p:Name:Bundle {id: name})<-[:FOLLOWS]-(b:Bundle)
USING INDEX p:Name(id)
WHERE b.actor = p.actor AND b.key = p.key
REMOVE p.head

// name: tiles
MATCH (t:Tile)
USING INDEX t:Tile(level, number)
WHERE t.level = $level AND t.number >= $start AND t.number < $stop
RETURN t.hash AS hash ORDER BY t.number

// name: headers
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start AND b.position < $stop
RETURN b.header AS header ORDER BY b.position

// name: add_tile
UNWIND $rows AS row
CREATE (:Tile {level: row[0], number: row[1], hash: row[2]})

// name: add_checkpoint
MATCH (l:Log {name: 'log'})
SET l.size = $size, l.root = $root
CREATE (:Checkpoint {size: $size, root: $root, at: $at, token: $token, first: $first})
