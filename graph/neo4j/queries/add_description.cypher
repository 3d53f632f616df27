UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
UNWIND row[2] AS name
MATCH (t:Thing {id: name})
USING INDEX t:Thing(id)
CREATE (b)-[:DESCRIBES {author: row[1]}]->(t)
