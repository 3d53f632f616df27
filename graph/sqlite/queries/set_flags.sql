UPDATE bundle SET counts = ?, lives = ? WHERE id = ?
