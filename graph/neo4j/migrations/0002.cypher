// The log's own name is a property of its head (set_schema).
