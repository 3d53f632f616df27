"""The embedded store: one SQLite file that holds the log and the graph it makes."""
