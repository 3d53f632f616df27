UNWIND $rows AS row
MATCH (t:Thing {id: row.id})
USING INDEX t:Thing(id)
SET t += row
