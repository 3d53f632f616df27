SELECT position, id FROM bundle WHERE position IN (SELECT value FROM json_each(?))
