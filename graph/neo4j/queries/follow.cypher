UNWIND $rows AS name
MATCH (own:Name:Bundle {id: name})-[:FOLLOWS]->(p:Name)
USING INDEX own:Name(id)
WITH DISTINCT p
MATCH (p)<-[:FOLLOWS]-(b:Bundle)
WHERE b.actor = p.actor AND b.key = p.key
REMOVE p.head
