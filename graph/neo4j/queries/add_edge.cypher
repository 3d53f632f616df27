UNWIND $rows AS row
MATCH (s:Thing {id: row.source})
MATCH (t:Thing {id: row.target})
CREATE (s)-[:RELATES {relation: row.relation, bundle: row.bundle, ordinal: row.ordinal, qualifiers: row.qualifiers}]->(t)
