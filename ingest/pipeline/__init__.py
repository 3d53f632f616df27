"""Commit pipeline of an ingest: pages and files of records, run statements, quarantine of refused records."""
