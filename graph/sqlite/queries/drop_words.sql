DELETE FROM words WHERE rowid = ?
