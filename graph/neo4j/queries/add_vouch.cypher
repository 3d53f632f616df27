UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
UNWIND row[1] AS name
MERGE (r:Name {id: name})
CREATE (b)-[:VOUCHES]->(r)
