SELECT size, root FROM checkpoint ORDER BY size DESC LIMIT 1
