"""Ingest of sources: fetch, parse bytes into records, turn records into bundles, commit them to a store."""
