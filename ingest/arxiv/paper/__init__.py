"""Paper as arXiv lists it, and its conversion to a bundle."""
