UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.bundle})
MERGE (r:Name {id: row.name})
CREATE (b)-[:FOLLOWS]->(r)
