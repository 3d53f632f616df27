"""Bundles about PDFs: the record of a file, and statements of what it cites."""
