"""Extraction from the pages of a document: identifiers, title, references."""
