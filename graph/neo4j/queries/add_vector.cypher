UNWIND $rows AS row
MERGE (v:Vector {model: row[0], node: row[1]})
SET v.text = row[2], v.data = row[3]
