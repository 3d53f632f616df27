MATCH (l:Log {name: 'log'})
RETURN l.size AS size, l.root AS root, l.trusted AS trusted, l.writes AS writes, l.origin AS origin,
       l.stage AS stage, l.place AS place
