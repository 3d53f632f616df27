SELECT name FROM origin
