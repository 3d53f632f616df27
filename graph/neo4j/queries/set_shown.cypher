UNWIND $rows AS row
MATCH (t:Thing {id: row[0]})
USING INDEX t:Thing(id)
SET t.kind = row[1], t.shown = row[2], t.title_words = row[3], t.text_words = row[4]
