UNWIND $names AS id
MATCH (b:Name:Bundle)
USING INDEX b:Name(id)
WHERE b.id = id
RETURN b.id AS id, b.position AS position, b.counts AS counts, b.lives AS lives, b.author AS author,
       b.header AS header, b.body AS body, b.signature AS signature,
       COLLECT { MATCH (b)<-[:VOUCHES]-(v:Bundle) WHERE v.lives RETURN DISTINCT v.id ORDER BY v.id } AS vouchers,
       COLLECT { MATCH (b)<-[:ANSWERS]-(a:Bundle) RETURN DISTINCT a.id ORDER BY a.id } AS answered_by
