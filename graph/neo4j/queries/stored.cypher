UNWIND $names AS name
MATCH (b:Name:Bundle {id: name})
USING INDEX b:Name(id)
RETURN b.id AS id, b.position AS position, b.header AS header, b.body AS body, b.signature AS signature
