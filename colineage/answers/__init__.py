"""Answers of the commands, as JSON."""
