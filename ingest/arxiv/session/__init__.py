"""Harvest session: the pages to store, their commits, and the resume point."""
