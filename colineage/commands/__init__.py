"""Commands of the CLI, one file a topic; each parses its options, calls one function and prints the answer."""
