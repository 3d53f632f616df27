"""Command-line interface and settings: the only package that imports all the others."""
