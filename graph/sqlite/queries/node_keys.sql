SELECT id, k FROM node WHERE id IN (SELECT value FROM json_each(?))
