UNWIND $rows AS row
CREATE (:Thing {id: row.id, kind: row.kind})
