UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
SET b.body = row[1]
REMOVE b.withheld
