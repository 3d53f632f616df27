UNWIND $asked AS about
MATCH (b:Bundle {actor: about})
USING INDEX b:Bundle(actor)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
