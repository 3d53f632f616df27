UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row.bundle})
USING INDEX b:Name(id)
MERGE (r:Name {id: row.name})
CREATE (b)-[:VOUCHES]->(r)
