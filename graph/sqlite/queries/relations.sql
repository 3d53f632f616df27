SELECT k, name FROM relation
