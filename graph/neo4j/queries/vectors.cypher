MATCH (v:Vector)
USING INDEX v:Vector(model, node)
WHERE v.model = $model AND v.node > $after
RETURN v.node AS node, v.text AS text, v.data AS data ORDER BY v.node LIMIT $limit
