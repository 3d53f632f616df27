"""Query API route: queries, Atom, windows of time."""
