UNWIND $rows AS row
CREATE (:Tile {level: row[0], number: row[1], hash: row[2]})
