// name: in_slot
UNWIND $asked AS about
MATCH (b:Bundle {slot: about})
USING INDEX b:Bundle(slot)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header

// name: vouching
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:VOUCHES]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id, b.at AS at, CASE WHEN b.lives THEN b.author END AS author

// name: answering
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[a:ANSWERS]-(b:Bundle)
USING INDEX own:Name(id)
WHERE a.verb IN ['retracts', 'supersedes']
RETURN DISTINCT about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header

// name: speaking_as
UNWIND $asked AS about
MATCH (b:Bundle {actor: about})
USING INDEX b:Bundle(actor)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header

// name: ending
UNWIND $asked AS about
MATCH (b:Bundle {ends: about})
USING INDEX b:Bundle(ends)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header

// name: resigning
UNWIND $asked AS about
MATCH (b:Bundle {ends: 'self'})
USING INDEX b:Bundle(ends)
WHERE b.actor = about
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header

// name: flags
UNWIND $asked AS about
MATCH (b:Name:Bundle {id: about})
USING INDEX b:Name(id)
RETURN about, b.id AS id, b.counts AS counts, b.lives AS lives,
       CASE WHEN b.slot IS NULL AND b.actor IS NULL THEN null ELSE b.header END AS header

// name: heads
MATCH (b:Bundle {head: $actor})
USING INDEX b:Bundle(head)
WHERE $key IS NULL OR b.key = $key
RETURN b.id AS id, b.n AS n ORDER BY id

// name: has_said
MATCH (b:Bundle {said: $body})
USING INDEX b:Bundle(said)
WHERE b.actor = $actor AND b.lives
RETURN b.id AS id LIMIT 1
