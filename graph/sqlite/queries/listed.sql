SELECT id FROM node WHERE shown IS NOT NULL AND kind = ? AND id > ? ORDER BY id LIMIT ?
