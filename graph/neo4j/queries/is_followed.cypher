UNWIND $rows AS name
MATCH (p:Name:Bundle {id: name})<-[:FOLLOWS]-(b:Bundle)
USING INDEX p:Name(id)
WHERE b.actor = p.actor AND b.key = p.key
REMOVE p.head
