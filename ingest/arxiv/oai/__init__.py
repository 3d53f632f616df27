"""OAI-PMH route: responses, the arXivRaw format, lists of records."""
