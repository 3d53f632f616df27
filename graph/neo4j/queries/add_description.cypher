UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.bundle})
MATCH (t:Thing {id: row.id})
CREATE (b)-[:DESCRIBES {author: row.author}]->(t)
