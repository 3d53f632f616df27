UNWIND $names AS name
MATCH (:Name:Bundle {id: name})-[d:DESCRIBES]->(:Thing)
DELETE d
