DELETE FROM previous
