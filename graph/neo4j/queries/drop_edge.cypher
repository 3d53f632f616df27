UNWIND $rows AS name
MATCH ()-[e:RELATES]->()
USING INDEX e:RELATES(bundle, ordinal)
WHERE e.bundle = name AND e.ordinal >= 0
DELETE e
