// name: content
UNWIND $positions AS position
MATCH (b:Bundle {position: position})
USING INDEX b:Bundle(position)
RETURN b.position AS position, b.header AS header, b.body AS body, b.signature AS signature

// name: raw
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start
RETURN b.position AS position, b.id AS id, b.header AS header, b.body AS body, b.signature AS signature
ORDER BY b.position LIMIT $limit

// name: log
MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start
RETURN b.position AS position, b {.counts, .lives, .erased, .cut, .decider, .place} AS state, b.author AS author,
       b.header AS header, b.body AS body, b.signature AS signature, b.unfit AS unfit,
       b.slot IS NULL AND b.actor IS NULL AND b.waits IS NULL AS unread,
       COLLECT { MATCH (b)<-[:VOUCHES]-(v:Bundle) WHERE v.lives RETURN DISTINCT v.id ORDER BY v.id } AS vouchers,
       COLLECT { MATCH (b)<-[:ANSWERS]-(a:Bundle) RETURN DISTINCT a.id ORDER BY a.id } AS answered_by
ORDER BY b.position LIMIT $limit

// name: some_bundles
UNWIND $names AS id
MATCH (b:Name:Bundle)
USING INDEX b:Name(id)
WHERE b.id = id
RETURN b.id AS id, b.position AS position, b {.counts, .lives, .erased, .cut, .decider, .place} AS state, b.author AS author,
       b.header AS header, b.body AS body, b.signature AS signature, b.unfit AS unfit,
       b.slot IS NULL AND b.actor IS NULL AND b.waits IS NULL AS unread,
       COLLECT { MATCH (b)<-[:VOUCHES]-(v:Bundle) WHERE v.lives RETURN DISTINCT v.id ORDER BY v.id } AS vouchers,
       COLLECT { MATCH (b)<-[:ANSWERS]-(a:Bundle) RETURN DISTINCT a.id ORDER BY a.id } AS answered_by

// name: is_here
UNWIND $names AS name
MATCH (b:Name {id: name})
USING INDEX b:Name(id)
// With the envelopes of what is not understood.
WITH b, b.slot IS NULL AND b.actor IS NULL AND b.waits IS NULL AS unread
RETURN b.id AS id, b.position AS position, b.withheld IS NOT NULL AND b.withheld AS withheld, unread,
       CASE WHEN unread THEN b.signature END AS envelopes

// name: things
UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
WHERE t.shown IS NOT NULL OR EXISTS { (t)-[:RELATES]-() }
OPTIONAL MATCH (t)<-[d:DESCRIBES]-(b:Bundle)
RETURN t.id AS id, t.shown AS shown, d.author AS author, b.position AS position, b.id AS bundle, b.at AS at, b.n AS n,
       b.actor AS actor, b.by AS by, b.acts AS acts, b.grants AS grants, b.place AS place, b.run AS run

// name: adjacent_out
UNWIND range(0, size($ids) - 1) AS place
MATCH (s:Thing {id: $ids[place]})
USING INDEX s:Thing(id)
MATCH (s)-[e:RELATES]->(t:Thing)
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, target, qualifiers, bundle

// name: adjacent_out_by
UNWIND range(0, size($ids) - 1) AS place
MATCH (s:Thing {id: $ids[place]})
USING INDEX s:Thing(id)
MATCH (s)-[e:RELATES]->(t:Thing)
WHERE e.relation IN $relations
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, target, qualifiers, bundle

// name: adjacent_in
UNWIND range(0, size($ids) - 1) AS place
MATCH (t:Thing {id: $ids[place]})
USING INDEX t:Thing(id)
MATCH (s:Thing)-[e:RELATES]->(t)
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, source, qualifiers, bundle

// name: adjacent_in_by
UNWIND range(0, size($ids) - 1) AS place
MATCH (t:Thing {id: $ids[place]})
USING INDEX t:Thing(id)
MATCH (s:Thing)-[e:RELATES]->(t)
WHERE e.relation IN $relations
RETURN s.id AS source, e.relation AS relation, t.id AS target, e.qualifiers AS qualifiers, e.bundle AS bundle
ORDER BY place, relation, source, qualifiers, bundle

// name: adjacent_out_from
// The first edges of each node, in the order of their relation, other end and qualifiers; of the node at `near`
// only those after that edge.
UNWIND range(0, size($ids) - 1) AS place
MATCH (n:Thing {id: $ids[place]})
USING INDEX n:Thing(id)
CALL (n) {
    MATCH (n)-[e:RELATES]->(o:Thing)
    WITH n, o, e, coalesce(e.qualifiers, '{}') AS more
    WHERE ($relations IS NULL OR e.relation IN $relations)
      AND ($near IS NULL OR n.id <> $near OR e.relation > $relation
           OR e.relation = $relation AND (o.id > $other OR o.id = $other AND more > $more))
    WITH e.relation AS relation, o.id AS other, more, collect(DISTINCT e.bundle) AS bundles
    RETURN relation, other, more, bundles ORDER BY relation, other, more LIMIT $limit
}
RETURN n.id AS near, relation, other, more, bundles
ORDER BY place, relation, other, more

// name: adjacent_in_from
// The first edges of each node, in the order of their relation, other end and qualifiers; of the node at `near`
// only those after that edge.
UNWIND range(0, size($ids) - 1) AS place
MATCH (n:Thing {id: $ids[place]})
USING INDEX n:Thing(id)
CALL (n) {
    MATCH (n)<-[e:RELATES]-(o:Thing)
    WITH n, o, e, coalesce(e.qualifiers, '{}') AS more
    WHERE ($relations IS NULL OR e.relation IN $relations)
      AND ($near IS NULL OR n.id <> $near OR e.relation > $relation
           OR e.relation = $relation AND (o.id > $other OR o.id = $other AND more > $more))
    WITH e.relation AS relation, o.id AS other, more, collect(DISTINCT e.bundle) AS bundles
    RETURN relation, other, more, bundles ORDER BY relation, other, more LIMIT $limit
}
RETURN n.id AS near, relation, other, more, bundles
ORDER BY place, relation, other, more

// name: listed_all
MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > $after AND t.shown IS NOT NULL
RETURN t.id AS id ORDER BY t.id LIMIT $limit

// name: listed
MATCH (t:Thing)
USING INDEX t:Thing(kind, id)
WHERE t.kind = $kind AND t.id > $after AND t.shown IS NOT NULL
RETURN t.id AS id ORDER BY t.id LIMIT $limit

// name: count_nodes
MATCH (t:Thing)
WHERE t.shown IS NOT NULL OR EXISTS { (t)-[:RELATES]-() }
RETURN coalesce(t.kind, 'unknown') AS name, count(*) AS number ORDER BY name

// name: count_edges
MATCH (s:Thing)-[e:RELATES]->(t:Thing)
WITH DISTINCT s, t, e.relation AS name, e.qualifiers AS qualifiers
RETURN name, count(*) AS number ORDER BY name

// name: vectors
MATCH (v:Vector)
USING INDEX v:Vector(model, node)
WHERE v.model = $model AND v.node > $after
RETURN v.node AS node, v.text AS text, v.data AS data ORDER BY v.node LIMIT $limit

// name: count_waiting
MATCH (b:Bundle)
USING INDEX b:Bundle(waits)
WHERE b.waits >= ''
RETURN count(*) AS bundles, min(b.waits) AS first, max(b.waits) AS until

// name: erased
MATCH (b:Bundle {erased: true})
USING INDEX b:Bundle(erased)
RETURN b.position AS position ORDER BY position
