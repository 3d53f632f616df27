UNWIND $positions AS position
MATCH (b:Bundle {position: position})
USING INDEX b:Bundle(position)
RETURN b.position AS position, b.header AS header, b.body AS body, b.signature AS signature
