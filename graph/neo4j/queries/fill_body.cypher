UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
SET b.body = row.body
REMOVE b.withheld
