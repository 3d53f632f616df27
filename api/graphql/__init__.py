"""GraphQL schema: types, connections, cursors, loaders and the cost rule."""
