UNWIND $asked AS about
MATCH (:Name {id: about})<-[a:ANSWERS]-(b:Bundle)
WHERE a.verb IN ['retracts', 'supersedes']
RETURN DISTINCT about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
