"""Values and their words: nodes, edges, headers, identifiers, the closed vocabularies, canonical bytes."""
