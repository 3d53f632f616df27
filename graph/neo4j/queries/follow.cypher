UNWIND $names AS name
MATCH (:Name:Bundle {id: name})-[:FOLLOWS]->(p:Name)
WITH DISTINCT p
MATCH (p)<-[:FOLLOWS]-(b:Bundle)
WHERE b.actor = p.actor AND b.key = p.key
REMOVE p.head
