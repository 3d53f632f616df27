"""One harvest: its pages, what they add to the store, and where it resumes."""
