-- References of the statements in the log compared with the reference tables: differences in either direction.
WITH said (what, other, position) AS (
    SELECT 'previous', substr(j.value, 8), c.position
    FROM bundle AS b JOIN content AS c USING (position), json_each(CAST(c.header AS TEXT), '$.prev') AS j
    WHERE b.key IS NOT NULL AND json_valid(CAST(c.header AS TEXT))
    UNION ALL
    SELECT 'vouch', substr(j.value, 8), c.position
    FROM bundle AS b JOIN content AS c USING (position), json_each(CAST(c.header AS TEXT), '$.vouches') AS j
    WHERE b.key IS NOT NULL AND json_valid(CAST(c.header AS TEXT))
    UNION ALL
    SELECT json_extract(j.value, '$[0]'), substr(json_extract(j.value, '$[1]'), 8), c.position
    FROM bundle AS b JOIN content AS c USING (position), json_each(CAST(c.header AS TEXT), '$.answers') AS j
    WHERE b.key IS NOT NULL AND json_valid(CAST(c.header AS TEXT))
),
noted (what, other, position) AS (
    SELECT 'previous', lower(hex(earlier)), bundle FROM previous
    UNION ALL
    SELECT 'vouch', lower(hex(record)), run FROM vouch
    UNION ALL
    SELECT verb, lower(hex(target)), bundle FROM answer
)
SELECT 'is not noted', what, other, position FROM (SELECT * FROM said EXCEPT SELECT * FROM noted)
UNION ALL
SELECT 'is noted and was not said', what, other, position FROM (SELECT * FROM noted EXCEPT SELECT * FROM said)
LIMIT 20
