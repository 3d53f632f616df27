"""Serve a store in a process of its own: `python -m tests.api.serve_store DATABASE LISTENING_SOCKET`."""

import sys

import uvicorn

from api.app import make_app
from graph.open import open_store

if __name__ == "__main__":
    store = open_store(f"sqlite:{sys.argv[1]}", must_exist=True)
    uvicorn.run(make_app(lambda: store), fd=int(sys.argv[2]), log_level="warning")
