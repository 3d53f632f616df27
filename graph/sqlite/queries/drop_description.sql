DELETE FROM description WHERE node = ? AND author = ? AND bundle = ?
