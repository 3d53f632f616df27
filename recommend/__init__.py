"""What might come next: related work, and directions that nobody has tried."""
