UPDATE bundle
SET counts = 0, lives = 0,
    author = ?, at = ?, n = ?, uri = ?, actor = ?, key = ?, said = ?, ends = ?, head = ?
WHERE position = ?
