"""`python -m colineage`: the same as the command `colineage`."""

from colineage.cli import main

if __name__ == "__main__":
    main()
