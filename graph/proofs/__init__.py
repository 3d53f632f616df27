"""Inclusion and consistency proofs over the log of a store."""
