// name: any_stale
MATCH (t:Thing {stale: true})
USING INDEX t:Thing(stale)
RETURN t.id AS id LIMIT 1

// name: stale
MATCH (t:Thing {stale: true})
USING INDEX t:Thing(stale)
RETURN t.id AS id LIMIT $limit

// name: make_fresh
UNWIND $rows AS name
MATCH (t:Thing {id: name})
USING INDEX t:Thing(id)
REMOVE t.stale

// name: digest_descriptions
UNWIND $ids AS id
MATCH (t:Thing {id: id})<-[d:DESCRIBES]-(b:Bundle)
USING INDEX t:Thing(id)
RETURN t.id AS id, d.author AS author, b.position AS position, b.id AS bundle, b.at AS at, b.n AS n,
       b.actor AS actor, b.by AS by, b.acts AS acts, b.grants AS grants, b.place AS place, b.run AS run

// name: digest_edges
UNWIND $ids AS id
MATCH (s:Thing {id: id})-[e:RELATES]->(t:Thing)
USING INDEX s:Thing(id)
MATCH (b:Name:Bundle {id: e.bundle})
USING INDEX b:Name(id)
WHERE b.run IS NULL
RETURN b.author AS author, coalesce(b.actor, b.author) AS actor, coalesce(b.by, b.author) AS by,
       s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers

// name: absent
UNWIND $ids AS id
MATCH (b:Bundle {silent: id})
USING INDEX b:Bundle(silent)
WHERE b.lives AND b.run IS NULL
RETURN DISTINCT id

// name: put_leaf
UNWIND $rows AS row
MERGE (l:Leaf {place: row[0]})
SET l.hash = row[1]

// name: drop_leaf
UNWIND $rows AS place
MATCH (l:Leaf {place: place})
USING INDEX l:Leaf(place)
DELETE l

// name: first_leaves
UNWIND $prefixes AS prefix
CALL (prefix) {
    MATCH (l:Leaf)
    USING INDEX l:Leaf(place)
    WHERE l.place >= prefix AND l.place < prefix + 'g'
    RETURN l.hash AS hash, l.place AS place ORDER BY l.place LIMIT 2
}
RETURN prefix, hash ORDER BY prefix, place

// name: leaves_below
UNWIND $prefixes AS prefix
MATCH (l:Leaf)
USING INDEX l:Leaf(place)
WHERE l.place >= prefix AND l.place < prefix + 'g'
RETURN prefix, l.place AS place, l.hash AS hash

// name: branches
UNWIND $prefixes AS prefix
MATCH (b:Branch {prefix: prefix})
USING INDEX b:Branch(prefix)
RETURN prefix, b.hash AS hash

// name: put_branch
UNWIND $rows AS row
MERGE (b:Branch {prefix: row[0]})
SET b.hash = row[1]

// name: drop_branch
UNWIND $rows AS prefix
MATCH (b:Branch {prefix: prefix})
USING INDEX b:Branch(prefix)
DELETE b
