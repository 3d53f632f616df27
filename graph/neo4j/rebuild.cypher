// name: set_stage
MATCH (l:Log {name: 'log'})
SET l.stage = $stage, l.place = $place

// name: forget_references
MATCH ()-[r:RELATES|DESCRIBES|VOUCHES|ANSWERS|FOLLOWS]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS number

// name: forget_node
MATCH (t:Thing)
WITH t LIMIT $limit
DELETE t
RETURN count(*) AS number

// name: reset_bundle
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
USING INDEX b:Name(id)
SET b += row

// name: unread
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start AND b.position < $stop AND b.slot IS NULL AND b.actor IS NULL
RETURN b.position AS position
