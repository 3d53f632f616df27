"""What we know, who said it, and where it is kept."""
