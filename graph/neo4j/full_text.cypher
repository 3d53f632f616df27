// name: search
CALL db.index.fulltext.queryNodes('words', $words) YIELD node, score
WHERE $kind IS NULL OR node.kind = $kind
RETURN node.id AS id ORDER BY score DESC, id LIMIT $limit
