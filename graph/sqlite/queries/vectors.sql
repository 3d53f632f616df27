SELECT node, text, data FROM vector WHERE model = ? AND node > ? ORDER BY node LIMIT ?
