"""Queries over the store port: lineage, contributions, attribution, caveats; written once for every store."""
