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
