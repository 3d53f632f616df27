-- Statements whose bodies may hold labels: they mint ids, even while their author is not known.
SELECT c.header, c.body, c.signature
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.key IS NOT NULL AND instr(c.body, CAST('"#' AS BLOB))
ORDER BY b.position
