UNWIND $asked AS about
MATCH (b:Bundle {ends: about})
USING INDEX b:Bundle(ends)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
