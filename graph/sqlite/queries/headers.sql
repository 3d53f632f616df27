SELECT header FROM content WHERE position >= ? AND position < ? ORDER BY position
