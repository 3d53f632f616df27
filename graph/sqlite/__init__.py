"""Embedded store: one SQLite file that holds the log and the graph materialised from it."""
