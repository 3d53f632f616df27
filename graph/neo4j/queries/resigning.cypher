UNWIND $asked AS about
MATCH (b:Bundle {ends: 'self'})
USING INDEX b:Bundle(ends)
WHERE b.actor = about
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
