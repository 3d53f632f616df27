"""arXiv as a source: OAI-PMH harvest, query API and bulk metadata file, converted to bundles."""
