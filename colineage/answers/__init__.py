"""Answers of the commands as JSON: computed by the packages, translated here."""
