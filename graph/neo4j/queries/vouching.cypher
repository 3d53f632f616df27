UNWIND $asked AS about
MATCH (:Name {id: about})<-[:VOUCHES]-(b:Bundle)
RETURN about, b.id AS id
