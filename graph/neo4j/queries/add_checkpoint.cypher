MATCH (l:Log {name: 'log'})
SET l.size = $size, l.root = $root
CREATE (:Checkpoint {size: $size, root: $root, at: $at, token: $token, first: $first})
