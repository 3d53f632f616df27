UNWIND $rows AS row
MERGE (v:Vector {model: row.model, node: row.node})
SET v.text = row.text, v.data = row.data
