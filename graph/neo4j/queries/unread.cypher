MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= 0 AND b.slot IS NULL AND b.actor IS NULL
RETURN b.position AS position
