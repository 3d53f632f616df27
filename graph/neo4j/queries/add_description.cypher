UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.bundle})
USING INDEX b:Name(id)
MATCH (t:Thing {id: row.id})
USING INDEX t:Thing(id)
CREATE (b)-[:DESCRIBES {author: row.author}]->(t)
