UNWIND $rows AS row
MATCH (s:Thing {id: row[0]})
USING INDEX s:Thing(id)
UNWIND row[2] AS edge
MATCH (t:Thing {id: edge[0]})
USING INDEX t:Thing(id)
CREATE (s)-[:RELATES {relation: edge[1], bundle: row[1], ordinal: edge[2], qualifiers: edge[3]}]->(t)
