UNWIND $rows AS row
CREATE (:Tile {level: row.level, number: row.number, hash: row.hash})
