"""arXiv as a source: its OAI-PMH service and its bulk file, read into bundles."""
