"""Commits what a source's records became: pages, files, runs, and what was refused."""
