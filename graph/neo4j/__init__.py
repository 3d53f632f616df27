"""The store over a Neo4j server."""
