UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
SET b.counts = row.counts, b.lives = row.lives
