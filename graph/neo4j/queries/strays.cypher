// Nodes beyond the log's head: the next append would collide with them.
MATCH (l:Log {name: 'log'})
CALL (l) {
    MATCH (b:Bundle)
    WHERE b.position < 0 OR b.position >= l.size OR b.position IS NULL
    RETURN 'position ' + coalesce(toString(b.position), 'nowhere') + ' is noted outside of the log' AS what
    UNION ALL
    MATCH (t:Tile)
    WHERE t.level < 1 OR t.number < 0 OR (t.number + 1) * 256.0 ^ t.level > l.size
    RETURN 'a hash is kept of a part of the log that is not whole: level ' + toString(t.level) + ', ' + toString(t.number) AS what
}
RETURN what LIMIT 20
