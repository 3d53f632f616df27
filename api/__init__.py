"""HTTP API of the graph: GraphQL, `/id/…` by content negotiation, `/log/…`, and the explorer's files."""
