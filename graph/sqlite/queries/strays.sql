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
