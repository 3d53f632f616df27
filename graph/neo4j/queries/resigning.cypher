UNWIND $asked AS about
MATCH (b:Bundle {ends: 'self'})
WHERE b.actor = about
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
