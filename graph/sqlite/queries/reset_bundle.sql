UPDATE bundle SET counts = 0, lives = 0, author = ?, at = ?, n = ?, uri = ?, actor = ?, said = ?, ends = ?, head = ? WHERE position = ?
