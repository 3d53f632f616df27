// The properties by which the rules look up bundles; a head is followed by no statement of its actor and key.
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start
WITH b ORDER BY b.position LIMIT $limit
RETURN b.position AS position, b.header AS header, b.body AS body, b.signature AS signature,
       b {.at, .n, .slot, .actor, .key, .said, .ends, .head, .withheld} AS noted,
       EXISTS { MATCH (b)<-[:FOLLOWS]-(f:Bundle) WHERE f.actor = b.actor AND f.key = b.key } AS followed,
       COLLECT { MATCH (b)-[:VOUCHES]->(r:Name) RETURN r.id ORDER BY r.id } AS vouches,
       COLLECT { MATCH (b)-[:FOLLOWS]->(r:Name) RETURN r.id ORDER BY r.id } AS follows,
       COLLECT { MATCH (b)-[a:ANSWERS]->(r:Name) RETURN [a.verb, r.id] } AS answers
ORDER BY position
