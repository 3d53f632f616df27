// The nodes with their shown description, and the full-text words of each.
MATCH (t:Thing)
USING INDEX t:Thing(id)
WHERE t.id > $after
WITH t ORDER BY t.id LIMIT $limit
RETURN t.id AS id, t.kind AS kind, t.shown AS shown, t.title_words AS title_words, t.text_words AS text_words,
       t.minter AS minter
ORDER BY id
