UNWIND $asked AS about
MATCH (b:Bundle {slot: about})
USING INDEX b:Bundle(slot)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
