INSERT INTO edge (source, relation, target, bundle, ordinal, qualifiers) VALUES (?, ?, ?, ?, ?, ?)
