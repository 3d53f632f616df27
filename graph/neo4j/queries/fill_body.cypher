UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
USING INDEX b:Name(id)
SET b.body = row.body
REMOVE b.withheld
