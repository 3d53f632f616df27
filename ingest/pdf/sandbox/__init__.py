"""Reading PDFs in a limited child process."""
