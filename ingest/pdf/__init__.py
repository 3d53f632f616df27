"""PDFs as a source: the identifiers that a file gives itself and the references that it prints."""
