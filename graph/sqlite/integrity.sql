-- name: damage
PRAGMA integrity_check(20)

-- name: strays
-- Rows beyond the log's last checkpoint: the next append would collide with them.
SELECT 'the log has no name, or several' WHERE (SELECT count(*) FROM origin) <> 1
UNION ALL
SELECT 'position ' || position || ' is noted outside of the log'
FROM (SELECT position FROM bundle UNION SELECT position FROM content)
WHERE position < 0 OR position >= (SELECT coalesce(max(size), 0) FROM checkpoint)
UNION ALL
SELECT 'a hash is kept of a part of the log that is not whole: level ' || level || ', ' || number FROM tile
WHERE level < 1 OR level > 6 OR number < 0
   OR (number + 1) << (8 * level) > (SELECT coalesce(max(size), 0) FROM checkpoint)
LIMIT 20

-- name: misfiled
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
    UNION ALL
    SELECT 'head', substr(j.value, 8), c.position
    FROM bundle AS b JOIN content AS c USING (position), json_each(CAST(c.header AS TEXT), '$.ends') AS j
    WHERE b.ends IS NOT NULL AND j.key > 0 AND json_valid(CAST(c.header AS TEXT))
),
noted (what, other, position) AS (
    SELECT 'previous', lower(hex(earlier)), bundle FROM previous
    UNION ALL
    SELECT 'vouch', lower(hex(record)), run FROM vouch
    UNION ALL
    SELECT verb, lower(hex(target)), bundle FROM answer
    UNION ALL
    SELECT 'head', lower(hex(head)), bundle FROM end_head
)
SELECT 'is not noted', what, other, position FROM (SELECT * FROM said EXCEPT SELECT * FROM noted)
UNION ALL
SELECT 'is noted and was not said', what, other, position FROM (SELECT * FROM noted EXCEPT SELECT * FROM said)
LIMIT 20

-- name: noted
-- The columns by which the rules look up bundles, and whether each should be a head. For bundles without such columns,
-- as they were not understood on arrival, also the body.
SELECT b.position, b.head IS NOT CASE WHEN b.key IS NOT NULL THEN NOT EXISTS (
           SELECT 1 FROM previous AS p JOIN bundle AS f ON f.position = p.bundle
           WHERE p.earlier = b.id AND f.actor = b.actor AND f.key = b.key
       ) END,
       c.header, CASE WHEN b.uri IS NULL AND b.actor IS NULL THEN c.body END, c.signature, b.waits, b.at, b.n, b.uri, b.actor, b.key, b."by", b.run, b.said, b.ends
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.position >= ? ORDER BY b.position LIMIT ?

-- name: authorities
-- A statement without an author, such as a stranger's that claims a grant, has no rank.
SELECT DISTINCT actor, author IS NOT NULL, acts, grants FROM bundle WHERE actor IS NOT NULL ORDER BY actor

-- name: branches_after
SELECT prefix, hash FROM branch WHERE prefix > ? ORDER BY prefix LIMIT ?

-- name: minting
-- Statements whose headers mint ids, even while their author is not known, or their body not here.
SELECT c.header, NULL, c.signature
FROM bundle AS b JOIN content AS c USING (position)
WHERE b.key IS NOT NULL AND instr(c.header, CAST('"mints":' AS BLOB))
ORDER BY b.position

-- name: minted
SELECT count(*) FROM node WHERE minter IS NOT NULL

-- name: shown
-- The nodes with their shown description, and the full-text words of each.
SELECT n.k, n.id, n.kind, n.shown, w.title, w.text
FROM node AS n LEFT JOIN words AS w ON w.rowid = n.k
WHERE n.k > ? ORDER BY n.k LIMIT ?

-- name: unfindable
-- Full-text rows whose node no longer exists.
SELECT 'row ' || rowid FROM words WHERE rowid NOT IN (SELECT k FROM node WHERE shown IS NOT NULL)
LIMIT 20
