"""Snapshot route: arXiv's bulk file of listings."""
