// name: strays
// Nodes beyond the log's head: the next append would collide with them.
MATCH (l:Log {name: 'log'})
CALL (l) {
    MATCH (b:Bundle)
    WHERE b.position < 0 OR b.position >= l.size OR b.position IS NULL
    RETURN 'position ' + coalesce(toString(b.position), 'nowhere') + ' is noted outside of the log' AS what
    UNION ALL
    MATCH (t:Tile)
    WHERE t.level < 1 OR t.number < 0 OR (t.number + 1) * 256.0 ^ t.level > l.size
    RETURN 'a hash is kept of a part of the log that is not whole: level ' + toString(t.level) + ', ' + toString(t.number) AS what
}
RETURN what LIMIT 20

// name: noted
// The properties by which the rules look up bundles; a head is followed by no statement of its actor and key.
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start
WITH b ORDER BY b.position LIMIT $limit
RETURN b.position AS position, b.header AS header, b.body AS body, b.signature AS signature,
       b {.at, .n, .slot, .uri, .actor, .key, .by, .run, .said, .ends, .waits, .head, .withheld, .unfit, .erased, .author, .acts, .grants, .voice, .counts} AS noted,
       EXISTS { MATCH (b)<-[:FOLLOWS]-(f:Bundle) WHERE f.actor = b.actor AND f.key = b.key } AS followed,
       COLLECT { MATCH (b)-[:VOUCHES]->(r:Name) RETURN r.id ORDER BY r.id } AS vouches,
       COLLECT { MATCH (b)-[:FOLLOWS]->(r:Name) RETURN r.id ORDER BY r.id } AS follows,
       COLLECT { MATCH (b)-[a:ANSWERS]->(r:Name) RETURN [a.verb, r.id] } AS answers,
       COLLECT { MATCH (b)-[:KEEPS]->(r:Name) RETURN r.id ORDER BY r.id } AS keeps,
       COLLECT { MATCH (b)-[:ENDS]->(r:Name) RETURN r.id } AS ends
ORDER BY position

// name: branches_after
MATCH (b:Branch)
USING INDEX b:Branch(prefix)
WHERE b.prefix > $after
RETURN b.prefix AS prefix, b.hash AS hash ORDER BY b.prefix LIMIT $limit

// name: shown
// The nodes with their shown description, and the full-text words of each.
MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > $after
WITH t ORDER BY t.id LIMIT $limit
RETURN t.id AS id, t.kind AS kind, t.shown AS shown, t.title_words AS title_words, t.text_words AS text_words,
       t.minter AS minter
ORDER BY id
