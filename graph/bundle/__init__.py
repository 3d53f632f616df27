"""Bundle: header, body, signature; parsing and building them (docs/bundle.md)."""
