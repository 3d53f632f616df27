"""A paper as arXiv lists it, and the bundle it becomes."""
