"""HTTP routes: GraphQL, `/id/…`, `/log/…`, content negotiation and middleware."""
