SELECT hash FROM tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number
