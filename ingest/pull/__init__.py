"""Another log's bundles: fetched, held to what its checkpoint signs and to what was seen of it before, and stored."""
