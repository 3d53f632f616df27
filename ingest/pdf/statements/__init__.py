"""Bundles about PDFs: the record of a file, and the statements of its citations."""
