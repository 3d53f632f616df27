UNWIND $ids AS id
MATCH (t:Thing {id: id})<-[d:DESCRIBES]-(b:Bundle)
USING INDEX t:Thing(id)
RETURN t.id AS id, d.author AS author, b.position AS position, b.id AS bundle, b.at AS at, b.n AS n
