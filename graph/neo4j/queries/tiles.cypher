MATCH (t:Tile)
USING INDEX t:Tile(level, number)
WHERE t.level = $level AND t.number >= $start AND t.number < $stop
RETURN t.hash AS hash ORDER BY t.number
