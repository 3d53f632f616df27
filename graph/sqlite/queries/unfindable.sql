-- Full-text rows whose node no longer exists.
SELECT 'row ' || rowid FROM words WHERE rowid NOT IN (SELECT k FROM node WHERE shown IS NOT NULL)
LIMIT 20
