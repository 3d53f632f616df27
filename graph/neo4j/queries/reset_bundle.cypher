UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
USING INDEX b:Name(id)
SET b += row
