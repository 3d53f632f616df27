// name: set_stage
MATCH (l:Log {name: 'log'})
SET l.stage = $stage, l.place = $place

// name: forget_references
MATCH ()-[r:RELATES|DESCRIBES|VOUCHES|ANSWERS|FOLLOWS|ENDS|KEEPS]->()
WITH r LIMIT $limit
DELETE r
RETURN count(*) AS number

// name: forget_node
MATCH (t:Thing|Leaf|Branch)
WITH t LIMIT $limit
DELETE t
RETURN count(*) AS number

// name: unread
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start AND b.position < $stop 
  AND (b.slot IS NULL AND b.actor IS NULL OR b.unfit)
RETURN b.position AS position

// name: await_restored
MATCH (b:Bundle)
USING INDEX b:Bundle(silent)
WHERE b.silent >= '' AND b.erased IS NULL AND b.body IS NULL
SET b.withheld = true

// name: erased_bundles
MATCH (b:Bundle {erased: true})
USING INDEX b:Bundle(erased)
RETURN b.header AS header, b.body AS body, b.signature AS signature, b.unfit AS unfit
