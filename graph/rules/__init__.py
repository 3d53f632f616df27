"""Rules of the graph: admission, authorization, and the settlement of which bundles count and live."""
