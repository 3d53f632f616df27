UNWIND $rows AS row
MERGE (b:Name {id: row.id})
SET b:Bundle, b += row
