"""Recommendations: related work, and research directions that nobody has tried."""
