"""The graph as it is shown: the choice among descriptions, and the state digest."""
