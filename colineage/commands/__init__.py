"""The commands, a file for each thing they are for; each parses, calls one function, prints."""
