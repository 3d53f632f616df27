UNWIND $asked AS about
MATCH (b:Name:Bundle {id: about})
USING INDEX b:Name(id)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
