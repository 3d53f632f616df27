"""The snapshot route: arXiv's bulk file of listings."""
