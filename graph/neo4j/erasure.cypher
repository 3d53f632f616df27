// name: drop_body
UNWIND $rows AS name
MATCH (b:Name:Bundle {id: name})
USING INDEX b:Name(id)
REMOVE b.body, b.unfit, b.withheld

// name: drop_vectors
UNWIND $nodes AS node
MATCH (v:Vector {node: node})
USING INDEX v:Vector(node)
DELETE v
