UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
MERGE (r:Name {id: row[1]})
CREATE (b)-[:ANSWERS {verb: row[2]}]->(r)
