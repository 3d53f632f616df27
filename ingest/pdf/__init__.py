"""PDFs as a source: what a file says of itself and which references it prints."""
