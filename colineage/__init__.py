"""The `colineage` command and the settings: the only place that knows all packages."""
