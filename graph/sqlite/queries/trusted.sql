SELECT name FROM author WHERE trusted = 1 ORDER BY name
