"""Store over a Neo4j server."""
