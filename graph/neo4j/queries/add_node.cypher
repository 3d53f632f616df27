UNWIND $rows AS row
CREATE (:Thing {id: row[0], kind: row[1], shown: row[2], title_words: row[3], text_words: row[4], minter: row[5]})
