// name: appended
MATCH (c:Checkpoint {token: $token})
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= c.first AND b.position < c.size
WITH c, b ORDER BY b.position
RETURN c.size AS size, c.root AS root, collect(b.id) AS added

// name: fill_body
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
SET b.body = row[1], b.unfit = row[2]
REMOVE b.withheld

// name: set_properties
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
SET b += row[1]

// name: stored
UNWIND $names AS name
MATCH (b:Name:Bundle {id: name})
USING INDEX b:Name(id)
RETURN b.id AS id, b.position AS position, b.header AS header, b.body AS body, b.signature AS signature, b.unfit AS unfit

// name: waiting
MATCH (b:Bundle)
USING INDEX b:Bundle(waits)
WHERE b.waits <= $latest
RETURN b.id AS id, b.position AS position, b.header AS header, b.body AS body, b.signature AS signature, b.unfit AS unfit
ORDER BY position

// name: reset_bundle
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
USING INDEX b:Name(id)
SET b += row
