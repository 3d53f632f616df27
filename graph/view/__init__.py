"""Views of the graph: the choice of the description to show, and the state digest."""
