MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start AND b.position < $stop AND b.slot IS NULL AND b.actor IS NULL
RETURN b.position AS position
