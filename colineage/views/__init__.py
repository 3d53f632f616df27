"""What a person reads: the answers of commands, laid out for a terminal."""
