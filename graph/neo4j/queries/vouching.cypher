UNWIND $asked AS about
MATCH (own:Name {id: about})<-[:VOUCHES]-(b:Bundle)
USING INDEX own:Name(id)
RETURN about, b.id AS id, b.at AS at, CASE WHEN b.lives THEN b.author END AS author
