MATCH (l:Log {name: 'log'})
SET l.stage = $stage, l.place = $place
