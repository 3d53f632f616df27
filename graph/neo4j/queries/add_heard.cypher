UNWIND $rows AS row
MATCH (b:Name {id: row.id})
USING INDEX b:Name(id)
SET b:Bundle, b += row
