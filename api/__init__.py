"""How others ask: GraphQL, `/id/…` by content negotiation, and the explorer's files."""
