// name: in_slot
UNWIND $asked AS about
MATCH (b:Bundle {slot: about})
USING INDEX b:Bundle(slot)
RETURN about, b.id AS id

// name: vouching
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:VOUCHES]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id

// name: answering
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:ANSWERS]-(b:Bundle)
USING INDEX own:Name(id)
RETURN DISTINCT about, b.id AS id

// name: following
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:FOLLOWS]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id

// name: ending
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:ENDS]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id

// name: ending_at
UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:KEEPS]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id

// name: speaking_as
UNWIND $asked AS about
MATCH (b:Bundle {actor: about})
USING INDEX b:Bundle(actor)
RETURN about, b.id AS id

// name: words
UNWIND $asked AS pair
MATCH (own:Name {id: pair[0]})<-[a:ANSWERS]-(b:Bundle)
USING INDEX own:Name(id)
WHERE b.author = pair[1] AND a.verb IN ['retracts', 'supersedes', 'erases', 'restores']
RETURN pair[0] AS about, pair[1] AS author, a.verb AS verb, b.id AS id

// name: briefs
UNWIND $asked AS about
MATCH (b:Name:Bundle {id: about})
USING INDEX b:Name(id)
WHERE b.slot IS NOT NULL OR b.actor IS NOT NULL
RETURN b {.id, .counts, .lives, .erased, .cut, .decider, .place, .at, .n, .key, .actor, .uri, .by, .run, .author} AS brief

// name: headers_of
UNWIND $asked AS about
MATCH (b:Name:Bundle {id: about})
USING INDEX b:Name(id)
WHERE b.slot IS NOT NULL OR b.actor IS NOT NULL
RETURN b.id AS id, b.header AS header

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

// name: voices
// The next author for whom a key has a counting statement: the index holds one key's statements by author.
MATCH (b:Bundle)
USING INDEX b:Bundle(voice, author)
WHERE b.voice = $key AND b.author > $after
RETURN b.author AS author ORDER BY b.author LIMIT 1
