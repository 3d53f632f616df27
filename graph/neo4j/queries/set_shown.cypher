UNWIND $rows AS row
MATCH (t:Thing {id: row.id})
SET t += row
