UNWIND $names AS name
MATCH (b:Name {id: name})
USING INDEX b:Name(id)
RETURN b.id AS id, b.position AS position, b.withheld IS NOT NULL AND b.withheld AS withheld
