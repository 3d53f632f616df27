UNWIND $asked AS about
MATCH (b:Name:Bundle {id: about})
USING INDEX b:Name(id)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives,
       CASE WHEN b.slot IS NULL AND b.actor IS NULL THEN null ELSE b.header END AS header
