"""Sandbox that reads PDFs: a child process with limits on memory and time that can't write files or start programs."""
