UNWIND $slots AS slot
MATCH (w:Bundle {slot: slot})
USING INDEX w:Bundle(slot)
WHERE w.lives
OPTIONAL MATCH (w)<-[:VOUCHES]-(b:Bundle)
WHERE b.lives AND b.author IS NOT NULL
RETURN slot, w.id AS id, collect(DISTINCT b.author) AS authors
