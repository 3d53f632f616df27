UNWIND $ids AS id
MATCH (t:Thing {id: id})
USING INDEX t:Thing(id)
WHERE t.minter IS NOT NULL
RETURN t.id AS id, t.minter AS minter
