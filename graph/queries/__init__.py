"""Queries over the port: lineage, contributions, attribution, caveats; written once for every store."""
