"""Commands of the CLI, one file a topic; each parses its options, gets an answer and prints it."""
