SELECT c.header FROM bundle AS b JOIN content AS c USING (position) WHERE b.lives = 1 AND c.body IS NULL
