UNWIND $rows AS name
MATCH (own:Name:Bundle {id: name})-[d:DESCRIBES]->(:Thing)
USING INDEX own:Name(id)
DELETE d
