"""Model: nodes, edges, headers, identifiers, the closed vocabularies, canonical bytes."""
