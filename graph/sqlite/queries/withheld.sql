SELECT count(*) FROM content WHERE body IS NULL
