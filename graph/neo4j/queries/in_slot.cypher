UNWIND $asked AS about
MATCH (b:Bundle {slot: about})
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
