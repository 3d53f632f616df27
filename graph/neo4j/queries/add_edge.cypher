UNWIND $rows AS row
MATCH (s:Thing {id: row.source})
USING INDEX s:Thing(id)
MATCH (t:Thing {id: row.target})
USING INDEX t:Thing(id)
CREATE (s)-[:RELATES {relation: row.relation, bundle: row.bundle, ordinal: row.ordinal, qualifiers: row.qualifiers}]->(t)
