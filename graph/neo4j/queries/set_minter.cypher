UNWIND $rows AS row
MATCH (t:Thing {id: row[0]})
USING INDEX t:Thing(id)
SET t.minter = row[1]
