"""Terminal views: the answers of commands, laid out for people."""
