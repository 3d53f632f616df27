UNWIND $names AS name
MATCH ()-[e:RELATES]->()
WHERE e.bundle = name AND e.ordinal >= 0
DELETE e
