UNWIND $asked AS about
MATCH (own:Name {id: about})<-[a:ANSWERS]-(b:Bundle)
USING INDEX own:Name(id)
WHERE a.verb IN ['retracts', 'supersedes']
RETURN DISTINCT about, b.id AS id, b.counts AS counts, b.lives AS lives, b.header AS header
