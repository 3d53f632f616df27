-- The log's own name, by which others tell it from every other log (the origin of its checkpoints).
CREATE TABLE origin (name TEXT NOT NULL) STRICT;
INSERT INTO origin (name) VALUES ('colineage/' || lower(hex(randomblob(16))));
