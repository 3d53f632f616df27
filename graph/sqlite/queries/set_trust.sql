UPDATE author SET trusted = name IN (SELECT value FROM json_each(?))
