MATCH (b:Bundle)
WHERE b.position >= $start AND b.position < $stop
RETURN b.header AS header ORDER BY b.position
