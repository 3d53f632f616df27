SELECT position FROM bundle WHERE uri IS NULL AND actor IS NULL
