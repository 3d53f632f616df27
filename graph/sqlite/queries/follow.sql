UPDATE bundle SET head = 0 WHERE id = ? AND actor = ? AND key = ?
