UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
SET b.counts = row[1], b.lives = row[2]
