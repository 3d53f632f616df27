MATCH (b:Bundle)
USING INDEX b:Bundle(position)
WHERE b.position >= $start AND b.position < $stop
RETURN b.header AS header ORDER BY b.position
