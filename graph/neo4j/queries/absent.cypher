MATCH (b:Bundle {withheld: true})
USING INDEX b:Bundle(withheld)
WHERE b.lives
RETURN b.header AS header
