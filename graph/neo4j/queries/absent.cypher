MATCH (b:Bundle {withheld: true})
WHERE b.lives
RETURN b.header AS header
