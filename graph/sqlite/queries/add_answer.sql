INSERT INTO answer (target, bundle, verb) VALUES (?, ?, ?)
