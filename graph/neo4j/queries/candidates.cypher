UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
OPTIONAL MATCH (t)<-[d:DESCRIBES]-(b:Bundle)
RETURN t.id AS id, t.shown AS shown, d.author AS author, b.position AS position, b.id AS bundle, b.at AS at, b.n AS n
