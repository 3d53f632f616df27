UPDATE bundle SET author = ? WHERE id = ?
