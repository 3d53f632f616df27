"""Matching references to known works by their titles."""
