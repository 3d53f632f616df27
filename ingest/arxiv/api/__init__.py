"""The query API's route: queries, Atom, windows of time."""
