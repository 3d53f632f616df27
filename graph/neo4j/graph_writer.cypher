// name: node_keys
UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
RETURN t.id AS id

// name: mentions_on
UNWIND $ids AS id
MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > 'mention:' + id + '/' AND t.id < 'mention:' + id + '0'
RETURN t.id AS id

// name: add_node
UNWIND $rows AS row
CREATE (:Thing {id: row[0], kind: row[1], shown: row[2], title_words: row[3], text_words: row[4], minter: row[5], stale: row[6]})

// name: make_stale
UNWIND $rows AS name
MATCH (t:Thing {id: name})
USING INDEX t:Thing(id)
SET t.stale = true

// name: set_minter
UNWIND $rows AS row
MATCH (t:Thing {id: row[0]})
USING INDEX t:Thing(id)
SET t.minter = row[1]

// name: drop_description
UNWIND $rows AS name
MATCH (own:Name:Bundle {id: name})-[d:DESCRIBES]->(:Thing)
USING INDEX own:Name(id)
DELETE d

// name: drop_edge
UNWIND $rows AS name
MATCH ()-[e:RELATES]->()
USING INDEX e:RELATES(bundle, ordinal)
WHERE e.bundle = name AND e.ordinal >= 0
DELETE e

// name: add_description
UNWIND $rows AS row
MATCH (b:Name:Bundle {id: row[0]})
USING INDEX b:Name(id)
UNWIND row[2] AS name
MATCH (t:Thing {id: name})
USING INDEX t:Thing(id)
CREATE (b)-[:DESCRIBES {author: row[1]}]->(t)

// name: add_edge
UNWIND $rows AS row
MATCH (s:Thing {id: row[0]})
USING INDEX s:Thing(id)
UNWIND row[2] AS edge
MATCH (t:Thing {id: edge[0]})
USING INDEX t:Thing(id)
CREATE (s)-[:RELATES {relation: edge[1], bundle: row[1], ordinal: edge[2], qualifiers: edge[3]}]->(t)

// name: candidates
UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
OPTIONAL MATCH (t)<-[d:DESCRIBES]-(b:Bundle)
RETURN t.id AS id, t.shown AS shown, d.author AS author, b.position AS position, b.id AS bundle, b.at AS at, b.n AS n,
       b.actor AS actor, b.by AS by, b.acts AS acts, b.grants AS grants, b.place AS place, b.run AS run

// name: set_shown
UNWIND $rows AS row
MATCH (t:Thing {id: row[0]})
USING INDEX t:Thing(id)
SET t.kind = row[1], t.shown = row[2], t.title_words = row[3], t.text_words = row[4]

// name: minter
UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
WHERE t.minter IS NOT NULL
RETURN t.id AS id, t.minter AS minter
