MATCH (t:Thing)
WITH t LIMIT $limit
DELETE t
RETURN count(*) AS number
