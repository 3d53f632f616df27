SELECT b.id FROM bundle AS b JOIN author AS a ON a.k = b.author WHERE a.name = ? AND b.uri = ?
