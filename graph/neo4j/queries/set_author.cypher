UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.id})
SET b.author = row.author
