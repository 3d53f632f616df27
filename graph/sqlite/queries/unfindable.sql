-- Nodes whose words can't be searched for, and words of what is no node any more.
SELECT n.id FROM node AS n WHERE n.shown IS NOT NULL AND n.k NOT IN (SELECT rowid FROM words)
UNION ALL
SELECT 'row ' || rowid FROM words WHERE rowid NOT IN (SELECT k FROM node WHERE shown IS NOT NULL)
LIMIT 20
